#include <catch2/catch.hpp>

#include <cstring>
#include <random>
#include <sstream>

#include "lib/app/people_export.hpp"
#include "lib/app/people_import.hpp"
#include "people_support.hpp"

using namespace bioctl;
using test::PeopleStore;

namespace {

struct Seen {
    std::vector<app::ImportRecord> records;
    app::ImportEvents events{[this](app::ImportRecord const& record) { records.push_back(record); }, {}};

    [[nodiscard]] app::Refusal refusal(std::size_t i) const { return std::get<app::Refusal>(records.at(i).outcome); }
    [[nodiscard]] app::Imported imported(std::size_t i) const { return std::get<app::Imported>(records.at(i).outcome); }
};

void write_npy_file(fs::path const& file, std::vector<double> values, match::Precision precision) {
    match::NpyMatrix matrix;
    matrix.columns = 3;
    matrix.rows = values.size() / 3;
    matrix.precision = precision;
    matrix.values = std::move(values);
    test::write_text(file, as_text(match::write_npy(matrix)));
}

std::vector<double> random_values(std::size_t count, unsigned seed) {
    std::mt19937 random{seed};
    std::normal_distribution<double> normal{0, 0.1};
    std::vector<double> values(count);
    for (auto& value : values)
        value = normal(random);
    return values;
}

std::string exported_json(PeopleStore& people) {
    std::string text;
    app::export_json(people.workspace, [&](std::string_view line) { text += std::string{line} + '\n'; });
    return text;
}

app::ImportSummary import_text(PeopleStore& people, std::string const& text, Seen& seen, app::Mode mode = app::Mode::write) {
    std::istringstream input{text};
    return app::import_json(people.workspace, input, "people.ndjson", mode, seen.events);
}

std::string line_of(PeopleStore& people, std::string const& id, std::string const& vector) {
    return R"({"person_id":")" + id + R"(","contract":")" + people.models.contract().id + R"(","templates":[{"vector":)" +
           vector + "}]}\n";
}

}  // namespace

TEST_CASE("a folder without .npy files is an error, and so is no folder", "[app]") {
    PeopleStore people;
    Seen seen;
    fs::create_directory(people.dir / "empty");
    CHECK_THROWS_AS(app::npy_files(people.dir / "empty"), Error);
    CHECK_THROWS_AS(app::npy_files(people.dir / "absent"), Error);
}

TEST_CASE("npy vectors are refused where the active recogniser has another space", "[app]") {
    PeopleStore people;
    people.models = test::small_models("mobileface-v2");
    Seen seen;
    write_npy_file(people.dir / "npy/a.npy", {1, 2, 3}, match::Precision::float64);
    CHECK_THROWS_WITH(app::import_npy(people.workspace, app::npy_files(people.dir / "npy"), app::Mode::write, seen.events),
                      Catch::Contains("mobileface-v2") && Catch::Contains("models use"));
}

TEST_CASE("bad files are refused by name and the good ones kept", "[app]") {
    PeopleStore people;
    Seen seen;
    write_npy_file(people.dir / "npy/-bad-id.npy", {1, 2, 3}, match::Precision::float64);
    write_npy_file(people.dir / "npy/good.npy", {1, 2, 3, 4, 5, 6}, match::Precision::float64);
    test::write_text(people.dir / "npy/pickle.npy",
                     "\x80\x04"
                     "not an array");
    write_npy_file(people.dir / "npy/zero.npy", {1, 2, 3, 0, 0, 0}, match::Precision::float32);
    test::write_text(people.dir / "npy/names.json", "{}");
    fs::create_directory(people.dir / "npy/folder.npy");
    auto const summary = app::import_npy(people.workspace, app::npy_files(people.dir / "npy"), app::Mode::write, seen.events);
    CHECK(summary.people == 1);
    CHECK(summary.templates == 2);
    CHECK(summary.rejected == 4);
    REQUIRE(seen.records.size() == 5);
    CHECK(seen.refusal(0).reason == app::RefusalReason::bad_id);
    CHECK(seen.refusal(1).reason == app::RefusalReason::unreadable);
    CHECK(seen.imported(2).added == 2);
    CHECK(seen.refusal(3).reason == app::RefusalReason::bad_vector);
    CHECK(seen.records[4].file == "zero.npy");
    CHECK(seen.refusal(4).reason == app::RefusalReason::bad_vector);
    CHECK(people.store.people().count() == 1);
    CHECK(people.store.templates().of_person("good").at(0).source == "npy:good.npy");
}

TEST_CASE("importing the same files again adds nothing", "[app]") {
    PeopleStore people;
    Seen seen;
    write_npy_file(people.dir / "npy/a.npy", random_values(30, 1), match::Precision::float64);
    app::import_npy(people.workspace, app::npy_files(people.dir / "npy"), app::Mode::write, seen.events);
    auto const again = app::import_npy(people.workspace, app::npy_files(people.dir / "npy"), app::Mode::write, seen.events);
    CHECK(again.templates == 0);
    CHECK(again.unchanged == 10);
    CHECK(people.store.people().get("a")->templates == 10);
}

TEST_CASE("a dry run of import counts and writes nothing", "[app]") {
    PeopleStore people;
    Seen seen;
    write_npy_file(people.dir / "npy/a.npy", {1, 2, 3}, match::Precision::float32);
    auto const summary = app::import_npy(people.workspace, app::npy_files(people.dir / "npy"), app::Mode::dry_run, seen.events);
    CHECK(summary.templates == 1);
    CHECK(people.store.people().count() == 0);
}

TEST_CASE("import and export of npy keep every bit, also of a vector that is there twice", "[app]") {
    auto const precision = GENERATE(match::Precision::float32, match::Precision::float64);
    PeopleStore people;
    Seen seen;
    auto values = random_values(12, 7);
    if (precision == match::Precision::float32) {
        for (auto& value : values)
            value = static_cast<double>(static_cast<float>(value));
    }
    std::copy_n(values.begin(), 3, values.begin() + 9);
    write_npy_file(people.dir / "npy/a.npy", values, precision);
    app::import_npy(people.workspace, app::npy_files(people.dir / "npy"), app::Mode::write, seen.events);
    auto const summary = app::export_npy(people.workspace, people.dir / "out", app::Overwrite::no, {});
    CHECK(summary.people == 1);
    CHECK(test::read_text(people.dir / "out/a.npy") == test::read_text(people.dir / "npy/a.npy"));

    PeopleStore other;
    app::import_npy(other.workspace, app::npy_files(people.dir / "out"), app::Mode::write, seen.events);
    app::export_npy(other.workspace, other.dir / "out", app::Overwrite::no, {});
    CHECK(test::read_text(other.dir / "out/a.npy") == test::read_text(people.dir / "npy/a.npy"));
}

TEST_CASE("an export overwrites only when told to, and then before anything else is written", "[app]") {
    PeopleStore people;
    people.add("alice", {1, 0, 0});
    people.add("bob", {0, 1, 0});
    test::write_text(people.dir / "out/bob.npy", "precious");
    CHECK_THROWS_WITH(app::export_npy(people.workspace, people.dir / "out", app::Overwrite::no, {}), Catch::Contains("bob.npy"));
    CHECK_FALSE(fs::exists(people.dir / "out/alice.npy"));
    CHECK(test::read_text(people.dir / "out/bob.npy") == "precious");
    app::export_npy(people.workspace, people.dir / "out", app::Overwrite::yes, {});
    CHECK(test::read_text(people.dir / "out/bob.npy") != "precious");

    CHECK_THROWS_WITH(app::export_json_file(people.workspace, people.dir / "no/people.ndjson", app::Overwrite::no),
                      Catch::Contains("make the folder first"));
    test::write_text(people.dir / "people.ndjson", "precious");
    CHECK_THROWS_AS(app::export_json_file(people.workspace, people.dir / "people.ndjson", app::Overwrite::no), Error);
    CHECK(test::read_text(people.dir / "people.ndjson") == "precious");
}

TEST_CASE("exported files are for their owner only", "[app]") {
    PeopleStore people;
    people.add("alice", {1, 0, 0});
    app::export_npy(people.workspace, people.dir / "out", app::Overwrite::no, {});
    app::export_json_file(people.workspace, people.dir / "people.ndjson", app::Overwrite::no);
    auto const owner = fs::perms::owner_read | fs::perms::owner_write;
    CHECK(fs::status(people.dir / "out/alice.npy").permissions() == owner);
    CHECK(fs::status(people.dir / "people.ndjson").permissions() == owner);
}

TEST_CASE("templates of other contracts are counted and not exported", "[app]") {
    PeopleStore people;
    people.add("alice", {1, 0, 0});
    auto old = people.row("alice", {0, 1, 0});
    old.contract = "fedcba9876543210";
    people.add(old);
    auto const summary = app::export_npy(people.workspace, people.dir / "out", app::Overwrite::no, {});
    CHECK(summary.templates == 1);
    CHECK(summary.left_out == 1);
}

TEST_CASE("a store exported as JSON and imported elsewhere exports the same text", "[app]") {
    PeopleStore people;
    Seen seen;
    write_npy_file(people.dir / "npy/a.npy", random_values(9, 3), match::Precision::float64);
    app::import_npy(people.workspace, app::npy_files(people.dir / "npy"), app::Mode::write, seen.events);
    auto photo = people.row("b", {0.1F, -0.2F, 0.3F});
    photo.photo = sha256(as_bytes("b.jpg"));
    photo.source = "/photos/b.jpg";
    people.add(photo);
    people.store.write([&] {
        people.store.people().set_name("b", "Budi", people.clock.now());
        people.store.people().upsert("c", "Citra", people.clock.now());
    });

    PeopleStore other;
    auto const text = exported_json(people);
    auto const summary = import_text(other, text, seen);
    CHECK(summary.rejected == 0);
    CHECK(summary.people == 3);
    CHECK(exported_json(other) == text);
    CHECK(import_text(other, text, seen).templates == 0);
}

TEST_CASE("bad lines are refused by number and the good ones kept", "[app]") {
    PeopleStore people;
    Seen seen;
    auto const text = line_of(people, "a", "[1,2,3]") + "\n{\n" + line_of(people, "..", "[1,2,3]") +
                      line_of(people, "b", "[1,2]") + line_of(people, "c", "[3,2,1]");
    auto const summary = import_text(people, text, seen);
    CHECK(summary.people == 2);
    CHECK(summary.rejected == 3);
    REQUIRE(seen.records.size() == 5);
    CHECK(seen.records[1].line == 3);
    CHECK(seen.refusal(1).reason == app::RefusalReason::bad_record);
    CHECK(seen.refusal(2).reason == app::RefusalReason::bad_id);
    CHECK(seen.refusal(3).reason == app::RefusalReason::bad_vector);
    CHECK(seen.records[4].line == 6);
    CHECK(people.store.templates().of_person("c").at(0).source == "json:people.ndjson");
}

TEST_CASE("an endless line is refused unread and the next one taken", "[app]") {
    PeopleStore people;
    Seen seen;
    auto const summary = import_text(people, std::string(16'000'100, 'x') + '\n' + line_of(people, "a", "[1,2,3]"), seen);
    CHECK(summary.people == 1);
    CHECK(summary.rejected == 1);
    CHECK_THAT(seen.refusal(0).detail, Catch::Contains("longer than"));
}

TEST_CASE("a line of another contract is taken only if its vector space is the active one", "[app]") {
    PeopleStore people;
    Seen seen;
    auto const line = [](std::string const& id, std::string const& fields) {
        return R"({"person_id":")" + id + "\"," + fields + R"("templates":[{"vector":[1,2,3]}]})" + "\n";
    };
    auto const text = line("a", R"("contract":"fedcba9876543210","space":"dlib-resnet-v1",)") +
                      line("b", R"("contract":"fedcba9876543210","space":"mobileface-v2",)") + line("c", "");
    import_text(people, text, seen);
    CHECK(seen.imported(0).added == 1);
    CHECK(people.store.templates().of_person("a").at(0).contract == people.models.contract().id);
    CHECK(seen.refusal(1).reason == app::RefusalReason::other_contract);
    CHECK_THAT(seen.refusal(1).detail, Catch::Contains("mobileface-v2") && Catch::Contains("models use"));
    CHECK(seen.refusal(2).reason == app::RefusalReason::other_contract);
}

TEST_CASE("a face of a photo that is enrolled already is not imported again", "[app]") {
    PeopleStore people;
    Seen seen;
    auto photo = people.row("a", {1, 2, 3});
    photo.photo = sha256(as_bytes("a.jpg"));
    people.add(photo);
    auto const text = R"({"person_id":"a","space":"dlib-resnet-v1","templates":[{"vector":[9,9,9],"photo_sha256":")" +
                      to_hex(*photo.photo) + R"(","face_index":0}]})";
    auto const summary = import_text(people, text, seen);
    CHECK(summary.unchanged == 1);
    CHECK(people.store.people().get("a")->templates == 1);
}

TEST_CASE("an import that is stopped keeps what it has reported", "[app]") {
    PeopleStore people;
    Seen seen;
    int asked = 0;
    seen.events.should_stop = [&] { return ++asked > 2; };
    auto const summary = import_text(
        people, line_of(people, "a", "[1,2,3]") + line_of(people, "b", "[1,2,3]") + line_of(people, "c", "[1,2,3]"), seen);
    CHECK(summary.stopped_early);
    CHECK(summary.people == 2);
    CHECK(people.store.people().count() == 2);
}
