#include "lib/store/errors.hpp"

#include <sqlite3.h>

#include <catch2/catch.hpp>

#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;
using store::sqlite_error;

TEST_CASE("each failure of SQLite has its kind, and its message names the store", "[store]") {
    TempDir dir;
    auto const file = dir / "bioctl.db";
    writer(file);
    struct Row {
        int code;
        Kind kind;
    };
    for (auto const& [code, kind] :
         {Row{SQLITE_BUSY, Kind::busy}, Row{SQLITE_BUSY_SNAPSHOT, Kind::busy}, Row{SQLITE_BUSY_RECOVERY, Kind::busy},
          Row{SQLITE_LOCKED, Kind::busy}, Row{SQLITE_PROTOCOL, Kind::busy}, Row{SQLITE_FULL, Kind::io},
          Row{SQLITE_READONLY_DBMOVED, Kind::io}, Row{SQLITE_READONLY, Kind::cannot_create}, Row{SQLITE_CORRUPT, Kind::data},
          Row{SQLITE_CORRUPT_INDEX, Kind::data}, Row{SQLITE_NOTADB, Kind::data}, Row{SQLITE_CANTOPEN, Kind::io},
          Row{SQLITE_PERM, Kind::permission}, Row{SQLITE_IOERR_FSYNC, Kind::io}, Row{SQLITE_IOERR_WRITE, Kind::io},
          Row{SQLITE_NOMEM, Kind::io}, Row{SQLITE_CONSTRAINT_CHECK, Kind::bug}, Row{SQLITE_MISUSE, Kind::bug}}) {
        auto const error = sqlite_error(code, "the cause", file);
        CAPTURE(code, error.message());
        CHECK(error.kind() == kind);
        CHECK_THAT(error.message(), Catch::Contains("bioctl.db"));
    }
}

TEST_CASE("what a user can do is part of the message", "[store]") {
    fs::path const file = "/nowhere/bioctl.db";
    CHECK_THAT(sqlite_error(SQLITE_BUSY, "", file).message(),
               Catch::Contains("another process is writing; wait for it and try again"));
    CHECK_THAT(sqlite_error(SQLITE_FULL, "", file).message(), Catch::Contains("disk full; make room and try again"));
    CHECK_THAT(sqlite_error(SQLITE_CORRUPT, "malformed", file).message(),
               Catch::Contains("damaged (malformed); restore a backup"));
}

TEST_CASE("control characters of a path do not reach the terminal", "[store]") {
    CHECK_THAT(sqlite_error(SQLITE_BUSY, "", "/tmp/a\nb.db").message(), Catch::Contains("/tmp/a\\nb.db"));
}
