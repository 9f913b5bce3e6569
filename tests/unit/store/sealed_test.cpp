// A store in a sealed data folder: what is on the disk, and what is not.

#include <sqlite3.h>

#include <catch2/catch.hpp>

#include <fstream>
#include <string>

#include "lib/base/file.hpp"
#include "lib/base/vault.hpp"
#include "lib/store/people.hpp"
#include "lib/store/templates.hpp"
#include "lib/store/upkeep.hpp"
#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;

namespace {

constexpr int k_people = 300;  // some hundred pages, with pages of the tree above them

std::string id_of(int i) {
    return "siswa" + std::to_string(1000 + i);
}

class SealedFolder {
public:
    SealedFolder() { Vault::create(m_data.path(), m_keys / "store.key"); }
    [[nodiscard]] fs::path file() const { return m_data / "bioctl.db"; }
    void fill() const {
        auto store = writer(file());
        for (int i = 0; i < k_people; ++i)
            enrol(store, id_of(i), i);
    }

private:
    TempDir m_data, m_keys;
};

bool has_text(fs::path const& file, std::string_view text) {
    auto const content = read_text(file);
    return content.find(text) != std::string::npos;
}

/// The four bytes with which the vector of sample `i` begins.
std::string vector_bytes(int i) {
    auto const vector = vector_of(i);
    return {reinterpret_cast<char const*>(vector.data()), 4 * sizeof(float)};
}

void turn_bit(fs::path const& file, std::int64_t offset) {
    std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
    stream.seekg(offset);
    auto const byte = static_cast<char>(stream.get() ^ 1);
    stream.seekp(offset);
    stream.put(byte);
}

int people_in(fs::path const& file) {
    auto store = reader(file);
    int people = 0;
    store.read([&] { people = static_cast<int>(store.people().list().size()); });
    return people;
}

}  // namespace

TEST_CASE("neither the file nor its log shows a name, a vector or a table", "[store][seal]") {
    SealedFolder const folder;
    {
        auto store = writer(folder.file());
        enrol(store, id_of(1), 1);
        fs::path const log = folder.file().native() + "-wal";
        REQUIRE(fs::file_size(log) > 0);
        for (auto const& file : {folder.file(), log}) {
            for (auto const& text : {id_of(1), vector_bytes(1), std::string{"CREATE TABLE"}, std::string{"SQLite format"}})
                CHECK_FALSE(has_text(file, text));
        }
    }
    CHECK_FALSE(has_text(folder.file(), id_of(1)));
    CHECK(people_in(folder.file()) == 1);
    // The same in clear, so that the test can fail.
    TempDir open;
    {
        auto store = writer(open / "bioctl.db");
        enrol(store, id_of(1), 1);
    }
    CHECK(has_text(open / "bioctl.db", id_of(1)));
    CHECK(has_text(open / "bioctl.db", vector_bytes(1)));
}

TEST_CASE("SQLite without our layer cannot read it", "[store][seal]") {
    SealedFolder const folder;
    folder.fill();
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open(folder.file().c_str(), &database) == SQLITE_OK);
    CHECK(sqlite3_exec(database, "SELECT * FROM sqlite_schema", nullptr, nullptr, nullptr) == SQLITE_NOTADB);
    sqlite3_close(database);
    CHECK(people_in(folder.file()) == k_people);
}

TEST_CASE("a bit that was turned is found wherever it is", "[store][seal]") {
    SealedFolder const folder;
    folder.fill();
    auto const pages = static_cast<std::int64_t>(fs::file_size(folder.file()) / 4096);
    for (std::int64_t const page : {std::int64_t{0}, pages / 2, pages - 1}) {
        for (std::int64_t const within : {0, 100, 4090}) {
            turn_bit(folder.file(), page * 4096 + within);
            CHECK(kind_of([&] {
                      auto store = writer(folder.file());
                      if (store.integrity() != "ok") throw Error{Kind::data, "found"};
                  }) == Kind::data);
            turn_bit(folder.file(), page * 4096 + within);
        }
    }
    CHECK(writer(folder.file()).integrity() == "ok");
}

TEST_CASE("a bit that was turned in the log is found by who reads that page", "[store][seal]") {
    SealedFolder const folder;
    folder.fill();
    auto store = writer(folder.file());
    enrol(store, "another", 9'999);
    fs::path const log = folder.file().native() + "-wal";
    constexpr std::int64_t k_header = 32, k_frame = 24 + 4096;
    REQUIRE(fs::file_size(log) > static_cast<std::uintmax_t>(k_header));
    for (auto frame = k_header; frame < static_cast<std::int64_t>(fs::file_size(log)); frame += k_frame)
        turn_bit(log, frame + 24 + 1000);
    CHECK(kind_of([&] { (void)people_in(folder.file()); }) == Kind::data);
    for (auto frame = k_header; frame < static_cast<std::int64_t>(fs::file_size(log)); frame += k_frame)
        turn_bit(log, frame + 24 + 1000);
    CHECK(people_in(folder.file()) == k_people + 1);
}

TEST_CASE("a sealed file that is cut off within its last page is damaged", "[store][seal]") {
    SealedFolder const folder;
    folder.fill();
    fs::resize_file(folder.file(), fs::file_size(folder.file()) - 100);
    CHECK(kind_of([&] {
              auto store = writer(folder.file());
              if (store.integrity() != "ok") throw Error{Kind::data, "found"};
          }) == Kind::data);
}

TEST_CASE("a page that was put in another's place is found", "[store][seal]") {
    SealedFolder const folder;
    folder.fill();
    auto content = read_text(folder.file());
    std::copy_n(content.begin() + 20 * 4096, 4096, content.begin() + 30 * 4096);
    write_text(folder.file(), content);
    CHECK(kind_of([&] {
              auto store = writer(folder.file());
              if (store.integrity() != "ok") throw Error{Kind::data, "found"};
          }) == Kind::data);
}

TEST_CASE("copies, vacuum and a whole rewriting of a sealed store are sealed and hold the same", "[store][seal]") {
    SealedFolder const folder, other;
    folder.fill();
    {
        auto store = writer(folder.file());
        store.upkeep().copy_to(
            folder.file().parent_path() / "copy.db", [] {}, [](std::int64_t, std::int64_t) { return true; });
        store.write([&] {
            for (int i = 0; i < k_people; i += 2)
                store.people().remove(id_of(i));
        });
        store.upkeep().vacuum();
        store.rewrite();
        CHECK(store.integrity() == "ok");
    }
    CHECK(people_in(folder.file()) == k_people / 2);
    CHECK_FALSE(has_text(folder.file(), id_of(1)));
    auto const copy = folder.file().parent_path() / "copy.db";
    CHECK_FALSE(has_text(copy, id_of(1)));
    fs::rename(copy, folder.file());
    CHECK(people_in(folder.file()) == k_people);
}

TEST_CASE("from clear to sealed and back, every row stays; an old handle finds out", "[store][seal]") {
    TempDir data, keys;
    auto const file = data / "bioctl.db";
    {
        auto store = writer(file);
        for (int i = 0; i < 50; ++i)
            enrol(store, id_of(i), i);
    }
    auto const before = sql(file, "SELECT id || hex(vector) FROM template ORDER BY id");
    auto const vault = Vault::create(data.path(), keys / "k");
    CHECK(people_in(file) == 50);  // in clear still, whatever lies beside it
    {
        store::SoleHold hold{file};
        CHECK_FALSE(hold.is_sealed());
        CHECK(kind_of([&] { (void)writer(file, std::chrono::milliseconds{50}).people(); }) == Kind::busy);
    }
    store::SoleHold{file}.write_anew(data / "sealed.db", vault);
    fs::rename(data / "sealed.db", file);
    CHECK_FALSE(has_text(file, id_of(1)));
    CHECK(people_in(file) == 50);
    CHECK(store::SoleHold{file}.is_sealed());
    store::SoleHold{file}.write_anew(data / "clear.db", nullptr);
    CHECK(sql(data / "clear.db", "SELECT id || hex(vector) FROM template ORDER BY id") == before);
    CHECK(kind_of([&] { store::SoleHold{file}.write_anew(data / "clear.db", nullptr); }) == Kind::cannot_create);
}
