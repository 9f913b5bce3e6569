#include <catch2/catch.hpp>

#include "lib/app/people_edit.hpp"
#include "lib/app/people_media.hpp"
#include "people_support.hpp"

using namespace bioctl;
using test::PeopleStore;

namespace {

template <class Call>
Error error_of(Call const& call) {
    try {
        call();
    } catch (Error const& error) {
        return error;
    }
    FAIL("no error was thrown");
    throw std::logic_error{"unreachable"};
}

std::vector<std::string> ids(std::initializer_list<std::string> list) {
    return list;
}

}  // namespace

TEST_CASE("an unknown person is an error that names the nearest id", "[app]") {
    PeopleStore people;
    people.add("alice", {1, 0, 0});
    auto const error = error_of([&] { static_cast<void>(app::require_person(people.store, "alise")); });
    CHECK(error.kind() == Kind::no_input);
    CHECK_THAT(error.message(), Catch::Contains("'alise'") && Catch::Contains("did you mean 'alice'"));
}

TEST_CASE("a name is refused for control characters, length and bytes that are no UTF-8", "[app]") {
    CHECK_FALSE(app::check_person_name("a\nb"));
    CHECK_FALSE(app::check_person_name(std::string(513, 'x')));
    CHECK_FALSE(app::check_person_name("\xff"));
    CHECK(app::check_person_name(""));
    CHECK(app::check_person_name("Siti Nurhaliza \u00e9"));
}

TEST_CASE("an id that somebody has is not given to another person", "[app]") {
    PeopleStore people;
    people.add("alice", {1, 0, 0});
    people.add("bob", {0, 1, 0});
    auto const error = error_of([&] {
        app::rename_person(people.store, people.clock, "alice", {std::nullopt, "bob"}, app::Mode::write);
    });
    CHECK(error.kind() == Kind::usage);
    CHECK_THAT(error.message(), Catch::Contains("people merge"));
    CHECK(people.store.people().get("alice"));
}

TEST_CASE("an id that may not be one is refused before the store is asked", "[app]") {
    PeopleStore people;
    auto const error = error_of([&] {
        app::rename_person(people.store, people.clock, "nobody", {std::nullopt, "../x"}, app::Mode::write);
    });
    CHECK(error.kind() == Kind::usage);
}

TEST_CASE("a renamed person keeps the templates", "[app]") {
    PeopleStore people;
    people.add("alice", {1, 0, 0});
    auto const person = app::rename_person(people.store, people.clock, "alice", {"Alice A.", "a-1"}, app::Mode::write);
    CHECK(person.id == "a-1");
    CHECK(person.name == "Alice A.");
    CHECK_FALSE(people.store.people().get("alice"));
    CHECK(people.store.people().get("a-1")->templates == 1);
}

TEST_CASE("a dry run of rename tells the result and changes nothing", "[app]") {
    PeopleStore people;
    people.add("alice", {1, 0, 0});
    auto const person = app::rename_person(people.store, people.clock, "alice", {"New", "a-1"}, app::Mode::dry_run);
    CHECK(person.id == "a-1");
    CHECK(people.store.people().get("alice")->name.empty());
}

TEST_CASE("a removed person leaves neither row nor portrait", "[app]") {
    PeopleStore people;
    people.add_with_crop("alice", {1, 0, 0}, "faces/aa/1.jpg");
    people.add_with_crop("alice", {1, 1, 0}, "faces/aa/2.jpg");
    people.add_with_crop("bob", {0, 1, 0}, "faces/bb/3.jpg");
    auto const report = app::remove_people(people.store, people.workspace.media_dir, ids({"alice"}), app::Mode::write);
    REQUIRE(report.removed.size() == 1);
    CHECK(report.removed[0].templates == 2);
    CHECK(report.removed[0].crops == 2);
    CHECK_FALSE(people.store.people().get("alice"));
    CHECK_FALSE(people.has_file("faces/aa/1.jpg"));
    CHECK_FALSE(people.has_file("faces/aa/2.jpg"));
    CHECK(people.has_file("faces/bb/3.jpg"));
}

TEST_CASE("a portrait that another template uses stays", "[app]") {
    PeopleStore people;
    people.add_with_crop("alice", {1, 0, 0}, "faces/aa/1.jpg");
    people.add_with_crop("bob", {1, 0, 0}, "faces/aa/1.jpg");
    auto const report = app::remove_people(people.store, people.workspace.media_dir, ids({"alice"}), app::Mode::write);
    CHECK(report.removed.at(0).crops == 0);
    CHECK(people.has_file("faces/aa/1.jpg"));
}

TEST_CASE("the bytes of a removed vector are gone from the files of the store", "[app]") {
    PeopleStore people;
    std::vector<float> const vector{0.123456F, -7.654321F, 3.141592F};
    std::string const bytes{as_text(std::as_bytes(std::span{vector}))};
    auto const holds_bytes = [&] {
        auto const file = people.dir / "bioctl.db";
        bool const in_log =
            fs::exists(file.string() + "-wal") && test::read_text(file.string() + "-wal").find(bytes) != bytes.npos;
        return in_log || test::read_text(file).find(bytes) != bytes.npos;
    };
    people.add("alice", vector);
    REQUIRE(holds_bytes());
    auto const report = app::remove_people(people.store, people.workspace.media_dir, ids({"alice"}), app::Mode::write);
    CHECK(report.log_cleared);
    CHECK_FALSE(holds_bytes());
}

TEST_CASE("removal goes on after an unknown id and counts an id given twice once", "[app]") {
    PeopleStore people;
    people.add("alice", {1, 0, 0});
    auto const report =
        app::remove_people(people.store, people.workspace.media_dir, ids({"ghost", "alice", "alice"}), app::Mode::write);
    CHECK(report.unknown == ids({"ghost"}));
    CHECK(report.removed.size() == 1);
}

TEST_CASE("a dry run of remove counts and deletes nothing", "[app]") {
    PeopleStore people;
    people.add_with_crop("alice", {1, 0, 0}, "faces/aa/1.jpg");
    auto const report = app::remove_people(people.store, people.workspace.media_dir, ids({"alice"}), app::Mode::dry_run);
    CHECK(report.removed.at(0).crops == 1);
    CHECK(people.store.people().get("alice"));
    CHECK(people.has_file("faces/aa/1.jpg"));
}

TEST_CASE("portraits that an interrupted removal left are deleted by the next", "[app]") {
    PeopleStore people;
    people.add_with_crop("alice", {1, 0, 0}, "faces/aa/1.jpg");
    people.add_with_crop("bob", {0, 1, 0}, "faces/bb/2.jpg");
    people.store.write([&] { people.store.people().remove("alice"); });
    CHECK(app::stray_crops(people.store, people.workspace.media_dir) == ids({"faces/aa/1.jpg"}));
    auto const report = app::remove_people(people.store, people.workspace.media_dir, ids({"bob"}), app::Mode::write);
    CHECK(report.strays == 1);
    CHECK_FALSE(people.has_file("faces/aa/1.jpg"));
}

TEST_CASE("a media folder that is not there has no strays", "[app]") {
    PeopleStore people;
    CHECK(app::stray_crops(people.store, people.dir / "nowhere").empty());
}

TEST_CASE("nobody is merged into themselves or into a stranger", "[app]") {
    PeopleStore people;
    people.add("alice", {1, 0, 0});
    auto const merge = [&](char const* from, char const* into) {
        return error_of([&] { app::merge_people(people.workspace, from, into, {1.0F, {}}, app::Mode::write); }).kind();
    };
    CHECK(merge("alice", "alice") == Kind::usage);
    CHECK(merge("alice", "ghost") == Kind::no_input);
    CHECK(merge("ghost", "alice") == Kind::no_input);
    CHECK(people.store.people().get("alice")->templates == 1);
}

TEST_CASE("a merge moves templates and the name, and says that the two do not look alike", "[app]") {
    PeopleStore people;
    people.add("alice", {1, 0, 0});
    people.add("bob", {0, 1, 0});
    people.store.write([&] { people.store.people().set_name("alice", "Alice", people.clock.now()); });
    auto const merger = app::merge_people(people.workspace, "alice", "bob", {0.6F, {}}, app::Mode::write);
    CHECK(merger.templates == 1);
    CHECK_FALSE(merger.alike);
    CHECK(*merger.distance == Approx(std::sqrt(2.0)).margin(1e-6));  // orthogonal unit vectors, scale 1
    CHECK_FALSE(people.store.people().get("alice"));
    CHECK(people.store.people().get("bob")->name == "Alice");
    CHECK(people.store.people().get("bob")->templates == 2);
}

TEST_CASE("a dry run of merge changes nothing", "[app]") {
    PeopleStore people;
    people.add("alice", {1, 0, 0});
    people.add("bob", {2, 0, 0});
    auto const merger = app::merge_people(people.workspace, "alice", "bob", {0.6F, {}}, app::Mode::dry_run);
    CHECK(merger.alike);
    CHECK(*merger.distance == Approx(0).margin(1e-6));
    CHECK(people.store.people().count() == 2);
}
