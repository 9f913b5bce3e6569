// Files that are no store, or not a whole one.

#include <sqlite3.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <string>

#include <fmt/format.h>

#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;

namespace {

// Opens for reading and for writing; both must refuse, in the same way, and leave the file as it was.
Error refusal(fs::path const& file) {
    auto const before = read_text(file);
    auto const reading = error_of([&] { (void)reader(file); });
    auto const writing = error_of([&] { (void)writer(file); });
    CHECK(reading.kind() == writing.kind());
    CHECK_THAT(writing.message(), Catch::Contains(file.filename().string()));
    CHECK(read_text(file) == before);
    return writing;
}

std::string filled_store(fs::path const& file) {
    {
        auto store = writer(file);
        for (int i = 0; i < 50; ++i)
            enrol(store, fmt::format("p{}", i), i);
    }
    return read_text(file);
}

}  // namespace

TEST_CASE("a text file is no store", "[store]") {
    TempDir dir;
    for (auto const size : {1U, 15U, 100U, 511U, 512U, 5'000U}) {
        CAPTURE(size);
        write_text(dir / "bioctl.db", std::string(size, 'x'));
        CHECK(refusal(dir / "bioctl.db").kind() == Kind::data);
    }
}

TEST_CASE("a directory or a pipe is no store", "[store]") {
    TempDir dir;
    fs::create_directory(dir / "bioctl.db");
    REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
    for (auto const* name : {"bioctl.db", "pipe"}) {
        auto const error = error_of([&] { (void)writer(dir / name); });
        CHECK(error.kind() == Kind::data);
        CHECK_THAT(error.message(), Catch::Contains("is not a file"));
        CHECK(kind_of([&] { (void)reader(dir / name); }) == Kind::data);
        CHECK(store::Store::exists(dir / name));
    }
}

TEST_CASE("a database of another program is refused untouched", "[store]") {
    TempDir dir;
    sql(dir / "unnamed.db", "CREATE TABLE moz_places (id)");
    sql(dir / "named.db", "PRAGMA application_id = 252006675; PRAGMA journal_mode = WAL; CREATE TABLE blob (id)");
    for (auto const* name : {"unnamed.db", "named.db"}) {
        auto const error = refusal(dir / name);
        CHECK(error.kind() == Kind::data);
        CHECK_THAT(error.message(), Catch::Contains("another program"));
        CHECK_FALSE(fs::exists(dir.path() / (std::string{name} + "-wal")));
    }
}

TEST_CASE("a store of a newer bioctl is refused untouched", "[store]") {
    TempDir dir;
    writer(dir / "bioctl.db");
    sql(dir / "bioctl.db", "PRAGMA user_version = 999");
    auto const error = refusal(dir / "bioctl.db");
    CHECK(error.kind() == Kind::config);
    CHECK_THAT(error.message(), Catch::Contains("newer bioctl (schema 999"));
}

TEST_CASE("a newer version that only the log tells of is refused, log and all", "[store]") {
    TempDir dir;
    auto const copy = dir / "copy.db";
    {
        auto store = writer(dir / "bioctl.db");
        enrol(store, "alice", 1);
        sql(dir / "bioctl.db", "PRAGMA user_version = 999");
        fs::copy_file(dir / "bioctl.db", copy);
        fs::copy_file(dir / "bioctl.db-wal", copy.string() + "-wal");
    }
    auto const log = read_text(copy.string() + "-wal");
    CHECK(refusal(copy).kind() == Kind::config);
    CHECK(read_text(copy.string() + "-wal") == log);
}

TEST_CASE("a truncated store is refused untouched", "[store]") {
    TempDir dir;
    auto const whole = filled_store(dir / "whole.db");
    for (auto const size : {std::size_t{100}, std::size_t{4096}, whole.size() / 2, whole.size() - 1}) {
        CAPTURE(size);
        auto const file = dir.path() / fmt::format("cut{}.db", size);
        write_text(file, whole.substr(0, size));
        auto const error = refusal(file);
        CHECK(error.kind() == Kind::data);
        CHECK_THAT(error.message(), Catch::Contains("restore a backup"));
    }
}

TEST_CASE("a store cut off within its header is refused untouched", "[store]") {
    TempDir dir;
    auto const whole = filled_store(dir / "whole.db");
    for (auto const size : {1U, 16U, 50U, 99U}) {
        write_text(dir / "bioctl.db", whole.substr(0, size));
        CHECK(refusal(dir / "bioctl.db").kind() == Kind::data);
    }
}

TEST_CASE("damage within a store is reported by the integrity check", "[store]") {
    TempDir dir;
    auto damaged = filled_store(dir / "bioctl.db");
    // Every tree of people and templates from its root on; the header and the schema stay.
    for (auto const& root :
         sql(dir / "bioctl.db", "SELECT rootpage FROM sqlite_master WHERE rootpage > 0 AND tbl_name IN ('person', 'template')")) {
        auto const page = damaged.begin() + (std::stol(root) - 1) * 4096;
        std::fill(page, page + 4096, '\xA5');
    }
    write_text(dir / "bioctl.db", damaged);
    auto store = reader(dir / "bioctl.db");
    CHECK(store.integrity() != "ok");
    auto const error = error_of([&] { (void)store.people().list(); });
    CHECK(error.kind() == Kind::data);
    CHECK_THAT(error.message(), Catch::Contains("damaged") && Catch::Contains("bioctl doctor"));
}

TEST_CASE("a single flipped byte never crashes the reader", "[store]") {
    TempDir dir;
    auto const whole = filled_store(dir / "whole.db");
    for (std::size_t i = 0; i < 400; ++i) {
        auto damaged = whole;
        auto const place = i * 7919 % whole.size();
        damaged[place] = static_cast<char>(damaged[place] ^ '\x55');
        write_text(dir / "bioctl.db", damaged);
        CAPTURE(place);
        try {
            auto store = reader(dir / "bioctl.db");
            std::size_t seen = 0;
            store.templates().for_each(store::Modality::face, k_contract, [&](store::Template const&) { ++seen; });
            CHECK(seen <= 50);
        } catch (Error const& error) {
            CHECK((error.kind() == Kind::data || error.kind() == Kind::config || error.kind() == Kind::bug));
        }
        for (auto const* suffix : {"-wal", "-shm", "-journal"})
            fs::remove(dir.path() / (std::string{"bioctl.db"} + suffix));
    }
}

TEST_CASE("rows that refer to nothing are reported by the integrity check", "[store]") {
    TempDir dir;
    filled_store(dir / "bioctl.db");
    sql(dir / "bioctl.db", "PRAGMA foreign_keys = OFF; DELETE FROM person WHERE id = 'p7'");
    CHECK(reader(dir / "bioctl.db").integrity() == "rows of template refer to nothing");
}

TEST_CASE("a journal that a killed process left is rolled back for a reader, too", "[store]") {
    TempDir dir;
    auto const file = dir / "bioctl.db";
    {
        auto store = writer(file);
        enrol(store, "anna", 1);
    }
    // In a process of its own: in a transaction of the mode in which the log is switched off, and killed there.
    CHECK(in_child([&] {
              sqlite3* database = nullptr;
              sqlite3_open(file.c_str(), &database);
              sqlite3_exec(database,
                           "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN IMMEDIATE;"
                           "UPDATE person SET name = 'somebody else'; CREATE TABLE t AS SELECT randomblob(100000)",
                           nullptr, nullptr, nullptr);
              sqlite3_db_cacheflush(database);
              return ::raise(SIGKILL);
          }) == 100 + SIGKILL);
    REQUIRE(fs::file_size(file.native() + "-journal") > 0);
    auto store = reader(file);
    store.read([&] {
        REQUIRE(store.people().list().size() == 1);
        CHECK(store.people().list().front().name.empty());
    });
}
