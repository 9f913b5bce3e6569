// What is forgotten is gone from every file of the data folder, and nothing else is.

#include <catch2/catch.hpp>

#include "lib/app/media_sweep.hpp"
#include "lib/app/person_dossier.hpp"
#include "privacy_support.hpp"

using namespace bioctl;
using namespace bioctl::test;

namespace {

app::Actor const k_admin{.who = "local:root", .origin = "cli uid 0"};
constexpr auto k_id = "3404-siti-0017", k_name = "Siti Rahmawati Unik";

struct Fixture : PrivacyStore {
    std::int64_t sent = 0, waiting = 0, other = 0;

    Fixture() {
        enrol(k_id, k_name, 1, "siti-portrait.jpg");
        enrol("budi-0001", "Budi", 2, "budi-portrait.jpg");
        sent = see(k_id, k_name, clock.now());
        record(sent, "sent", R"({"welcome":"Siti Rahmawati Unik"})");
        waiting = see(k_id, k_name, clock.now() + std::chrono::seconds{5});
        other = see("budi-0001", "Budi", clock.now() + std::chrono::seconds{9});
        auto store = open();
        store.write([&] { store.device_people().put(gate, {k_id, k_name, "faces/siti-portrait.jpg", clock.now()}); });
        write_text(dir.path() / "index" / "face.idx", k_id);
        write_text(dir.path() / "cache" / "verify-dataset" / "facts", k_id);
    }
    app::Forgotten forget(app::Mode mode = app::Mode::write) { return app::forget_person(place(), clock, k_admin, k_id, mode); }
};

}  // namespace

TEST_CASE("nothing of a forgotten person is in any file, and the receipt says what was", "[app]") {
    Fixture people;
    REQUIRE_FALSE(people.files_with(k_id).empty());
    auto const receipt = people.forget();
    for (auto const& bytes : {std::string{k_id}, std::string{k_name}, bytes_of(private_vector(1)), std::string{"siti-portrait"},
                              bytes_of(private_vector(1)).substr(100, 40)})
        CHECK(people.files_with(bytes) == std::vector<std::string>{});
    CHECK(people.files_with("budi-0001").size() >= 2);
    CHECK(receipt.held.templates == 1);
    CHECK(receipt.portraits == 1);
    CHECK(receipt.held.events == 2);
    CHECK(receipt.held.pictures == 2);
    CHECK(receipt.held.waiting == 1);
    CHECK(receipt.held.terminals == std::vector<std::string>{"gate"});
    CHECK(receipt.held.receivers == std::vector<std::string>{"school"});
    CHECK(receipt.derived == 2);
    CHECK(receipt.elsewhere.empty());
    CHECK(receipt.subject == app::subject_of_person(k_id));
}

TEST_CASE("events of a forgotten person stay as events of nobody, and what waited does not go out", "[app]") {
    Fixture people;
    people.forget();
    auto store = people.open();
    auto const event = store.events().get(people.waiting).value();
    CHECK(event.row.is_recognized);
    CHECK(event.row.serial == 2);
    CHECK(event.row.employee_no.empty());
    CHECK(event.person_id.empty());
    CHECK(event.picture_state == "gone");
    CHECK(store.outbox().of_event(people.waiting).at(0).state == "dropped");
    CHECK(store.outbox().of_event(people.sent).at(0).state == "sent");
    CHECK(store.outbox().of_event(people.sent).at(0).reply.empty());
    CHECK(store.outbox().of_event(people.other).at(0).state == "pending");
    CHECK(app::verify_audit(store).findings.empty());
}

TEST_CASE("a terminal that is read again does not bring a forgotten person back", "[app]") {
    Fixture people;
    people.forget();
    auto store = people.open();
    store::NewEvent row;
    row.serial = 2;
    row.time = people.clock.now() + std::chrono::seconds{5};
    row.major = 5;
    row.minor = 75;
    row.employee_no = k_id;
    row.picture_url = "/LOCALS/pic/again.jpeg";
    int epoch = 1;
    store.write([&] {
        CHECK(store.events().add(people.gate, row, epoch, 3, row.time, people.clock.now()).stored == store::Stored::known);
        row.time += std::chrono::hours{1};  // the clock of the terminal was set to another zone
        CHECK(store.events().add(people.gate, row, epoch, 3, row.time, people.clock.now()).stored == store::Stored::known);
        CHECK_FALSE(store.events().set_picture(people.waiting, "events/2030/01/01/2.jpg", 5));
    });
    CHECK(epoch == 1);
}

TEST_CASE("a rehearsal changes nothing", "[app]") {
    Fixture people;
    auto const before = people.files_with(k_id);
    CHECK(people.forget(app::Mode::dry_run).held.events == 2);
    CHECK(people.files_with(k_id) == before);
}

TEST_CASE("who was forgotten before gets the receipt of then; who was never there is unknown", "[app]") {
    Fixture people;
    auto const first = people.forget();
    auto const second = people.forget();
    CHECK(second.was_forgotten_before);
    CHECK(second.at == first.at);
    CHECK(second.held.events == 2);
    CHECK_THROWS_AS(app::forget_person(people.place(), people.clock, k_admin, "nobody", app::Mode::write), Error);
}

TEST_CASE("what a killed run left is finished by the next one, for whomever", "[app]") {
    Fixture people;
    {
        auto store = people.open();
        store.write([&] { store.erasure().erase(k_id); });  // and then the power went
    }
    CHECK_FALSE(people.files_with("siti-portrait").empty());
    CHECK(app::finish_forgetting(people.place()));
    for (auto const* bytes : {k_id, k_name, "siti-portrait", "of 3404"})
        CHECK(people.files_with(bytes) == std::vector<std::string>{});
    CHECK(fs::exists(people.media() / "faces" / "budi-portrait.jpg"));
    CHECK(fs::exists(people.media() / fmt::format("events/2030/01/01/{}.jpg", people.other)));
    CHECK_FALSE(app::finish_forgetting(people.place()));
}

namespace {

/// Puts bytes where SQLite leaves them when it splits a page: between the pointers to the cells and the cells, of which nothing
/// speaks any more. (Format of the b-tree page: sqlite.org/fileformat2.html, section 1.6.) In every page that has room; true if
/// there is one.
bool leave_copy(fs::path const& file, std::string_view bytes) {
    constexpr std::size_t k_page = 4096, k_header = 8;
    auto text = read_text(file);
    bool is_left = false;
    auto const number = [&](std::size_t at) {
        return std::size_t{static_cast<unsigned char>(text[at])} << 8U | static_cast<unsigned char>(text[at + 1]);
    };
    for (auto page = k_page; page + k_page <= text.size(); page += k_page) {
        bool const is_leaf = text[page] == 0x0d || text[page] == 0x0a;
        auto const begin = page + k_header + 2 * number(page + 3), end = page + number(page + 5);
        if (!is_leaf || begin + bytes.size() > end) continue;
        text.replace(end - bytes.size(), bytes.size(), bytes);
        is_left = true;
    }
    write_text(file, text);
    return is_left;
}

}  // namespace

TEST_CASE("copies that SQLite left when it split pages are found and written over", "[app]") {
    Fixture people;
    auto const file = people.dir / "bioctl.db";
    CHECK_FALSE(people.forget(app::Mode::dry_run).is_rewritten);
    auto const part = bytes_of(private_vector(1)).substr(0, 64);
    REQUIRE(leave_copy(file, part + k_name));
    CHECK(people.forget().is_rewritten);
    CHECK(people.files_with(part) == std::vector<std::string>{});
    CHECK(people.files_with(k_name) == std::vector<std::string>{});
    CHECK(people.open().integrity() == "ok");
}

TEST_CASE("a name that somebody else's file has is told, and stays", "[app]") {
    Fixture people;
    write_text(people.dir.path() / "backups" / "onts.json", k_name);
    auto const receipt = people.forget();
    CHECK(receipt.elsewhere == std::vector<std::string>{"name: backups/onts.json"});
    CHECK(people.files_with(k_name) == std::vector<std::string>{"backups/onts.json"});
}

TEST_CASE("a search finds bytes that lie across two pieces, and tells the file", "[app]") {
    TempDir dir;
    std::string text((std::size_t{1} << 20) - 5, 'x');
    text += "needle-in-two";
    write_text(dir.path() / "bioctl.db", text);
    write_text(dir.path() / "media" / "a.jpg", "needle-in-two");
    std::vector<app::Needle> const needles{{"name", "needle-in-two"}, {"id", "not there"}};
    CHECK(app::search_files(dir.path(), needles) == std::vector<std::string>{"name: bioctl.db"});
}

TEST_CASE("a sweep deletes pictures of nobody and leaves what is being stored", "[app]") {
    Fixture people;
    auto const folder = people.media() / "events/2030/01/01";
    write_text(folder / "999999.jpg", "of no event");
    write_text(folder / "notes.txt", "not ours");
    write_text(folder / ".bioctl-1-2.tmp", "being written");
    auto store = people.open();
    CHECK(app::sweep_pictures(store, people.media()) == 1);
    CHECK(fs::exists(folder / "notes.txt"));
    CHECK(fs::exists(folder / ".bioctl-1-2.tmp"));
    CHECK(fs::exists(folder / fmt::format("{}.jpg", people.sent)));
}

TEST_CASE("a dossier holds everything of the person and nothing of others", "[app]") {
    Fixture people;
    TempDir out;
    auto store = people.open();
    app::Zone const zone{"Asia/Jakarta"};
    auto const dossier = app::export_dossier({store, people.media(), zone}, people.clock, k_id, out.path() / "siti");
    CHECK(dossier.templates == 1);
    CHECK(dossier.portraits == 1);
    CHECK(dossier.events == 2);
    CHECK(dossier.pictures == 2);
    CHECK(dossier.deliveries == 2);
    CHECK(dossier.terminals == 1);
    CHECK_FALSE(fs::exists(out.path() / ".siti.bioctl-part"));
    std::size_t files = 0;
    for (auto const& entry : fs::recursive_directory_iterator{out.path() / "siti"}) {
        auto const mode = entry.status().permissions();
        CHECK((mode & fs::perms{077}) == fs::perms::none);
        files += entry.is_regular_file() ? 1U : 0U;
        if (entry.is_regular_file()) CHECK(read_text(entry.path()).find("budi-0001") == std::string::npos);
    }
    CHECK(files == 7 + 3);
    CHECK(read_text(out.path() / "siti/events.json").find(k_name) != std::string::npos);
    CHECK_THROWS_AS(app::export_dossier({store, people.media(), zone}, people.clock, k_id, out.path() / "siti"), Error);
}
