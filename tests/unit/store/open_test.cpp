#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <string>

#include <fmt/format.h>

#include "lib/store/accounts.hpp"
#include "lib/store/audit.hpp"
#include "lib/store/migrations.hpp"
#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;

namespace {

mode_t mode_of(fs::path const& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

// Runs `work` as somebody who is not root, to whom permissions apply.
int as_nobody(std::function<int()> const& work) {
    return in_child([&] {
        constexpr uid_t k_nobody = 65534;
        if (::geteuid() == 0 && (::setgid(k_nobody) != 0 || ::setuid(k_nobody) != 0)) return 98;
        return work();
    });
}

int exit_of(Kind kind) {
    return static_cast<int>(kind) + 1;
}

int kind_when_opened(fs::path const& file, store::Access access) {
    try {
        (void)store::Store::open(file, {.access = access});
        return 0;
    } catch (Error const& error) {
        return exit_of(error.kind());
    }
}

}  // namespace

TEST_CASE("a store that is not there cannot be read", "[store]") {
    TempDir dir;
    auto const error = error_of([&] { (void)reader(dir / "bioctl.db"); });
    CHECK(error.kind() == Kind::no_input);
    CHECK_THAT(error.message(), Catch::Contains("bioctl.db") && Catch::Contains("bioctl enroll"));
    CHECK_FALSE(fs::exists(dir / "bioctl.db"));
    CHECK_FALSE(store::Store::exists(dir / "bioctl.db"));
}

TEST_CASE("an empty file is a store to be made, not one to be read", "[store]") {
    TempDir dir;
    write_text(dir / "bioctl.db", "");
    CHECK_FALSE(store::Store::exists(dir / "bioctl.db"));
    CHECK(kind_of([&] { (void)reader(dir / "bioctl.db"); }) == Kind::no_input);
    auto store = writer(dir / "bioctl.db");
    CHECK(store.schema_version() == store::newest_schema_version());
    CHECK(store::Store::exists(dir / "bioctl.db"));
}

TEST_CASE("a new store and its folders are for the owner's eyes only", "[store]") {
    TempDir dir;
    auto const old_mask = ::umask(0);
    auto const file = dir / "a/b/bioctl.db";
    auto store = writer(file);
    enrol(store, "alice", 1);
    ::umask(old_mask);
    CHECK(mode_of(file) == 0600);
    CHECK(mode_of(file.string() + "-wal") == 0600);
    CHECK(mode_of(dir / "a/b") == 0700);
    CHECK(mode_of(dir / "a") == 0700);
}

TEST_CASE("a store cannot be made below a file", "[store]") {
    TempDir dir;
    write_text(dir / "file", "x");
    auto const error = error_of([&] { (void)writer(dir / "file/data/bioctl.db"); });
    CHECK(error.kind() == Kind::cannot_create);
    CHECK_THAT(error.message(), Catch::Contains("file/data"));
}

TEST_CASE("file names may hold any bytes", "[store]") {
    TempDir dir;
    for (std::string const name : {"100%41?mode=x#y&z.db", "line\nbreak.db", "not\xFFutf-8.db", "file:name.db", " .db"}) {
        CAPTURE(name);
        auto store = writer(dir / name);
        enrol(store, "alice", 1);
        CHECK(reader(dir / name).people().count() == 1);
        CHECK(fs::exists(dir / name));
    }
}

TEST_CASE("a relative path stays what it was when the folder changes", "[store]") {
    TempDir dir;
    auto const before = fs::current_path();
    fs::current_path(dir.path());
    auto store = writer("bioctl.db");
    fs::current_path(before);
    CHECK(store.file() == fs::canonical(dir.path()) / "bioctl.db");
}

TEST_CASE("a store keeps its people when opened again", "[store]") {
    TempDir dir;
    {
        auto store = writer(dir / "bioctl.db");
        enrol(store, "alice", 1);
    }
    auto store = reader(dir / "bioctl.db");
    CHECK(store.people().count() == 1);
    CHECK(store.integrity() == "ok");
}

TEST_CASE("a store closed by its last user is one file", "[store]") {
    TempDir dir;
    {
        auto store = writer(dir / "bioctl.db");
        enrol(store, "alice", 1);
    }
    CHECK_FALSE(fs::exists(dir / "bioctl.db-wal"));
    CHECK_FALSE(fs::exists(dir / "bioctl.db-shm"));
}

TEST_CASE("every older version is migrated and keeps its people", "[store]") {
    for (int version = 1; version <= store::newest_schema_version(); ++version) {
        CAPTURE(version);
        TempDir dir;
        auto const file = dir / "bioctl.db";
        for (int step = 0; step < version; ++step)
            sql(file, store::migrations()[static_cast<std::size_t>(step)]);
        sql(file, fmt::format("PRAGMA application_id = {}", store::k_application_id));
        sql(file, fmt::format("PRAGMA user_version = {}", version));
        sql(file, "INSERT INTO person (id, name, created_at, updated_at) VALUES ('alice', 'Alice', 1, 2)");
        SECTION(fmt::format("opened for reading, version {}", version)) {
            CHECK(reader(file).people().get("alice")->name == "Alice");
        }
        auto store = writer(file);
        CHECK(store.schema_version() == store::newest_schema_version());
        CHECK(store.people().get("alice")->name == "Alice");
        CHECK_FALSE(store.accounts().has_any());
        store.write([&] { store.audit().append({.action = "opened"}); });
        CHECK(store.audit().head().id == 1);
        CHECK(store.integrity() == "ok");
        CHECK(sql(file, "PRAGMA journal_mode") == std::vector<std::string>{"wal"});
    }
}

TEST_CASE("a file that its owner alone may read is refused to others", "[store]") {
    TempDir dir;
    fs::permissions(dir.path(), fs::perms::all);
    writer(dir / "bioctl.db");
    if (::geteuid() != 0) {
        WARN("skipped: only root can make a file of somebody else");
        return;
    }
    CHECK(as_nobody([&] { return kind_when_opened(dir / "bioctl.db", store::Access::read_only); }) == exit_of(Kind::permission));
    CHECK(as_nobody([&] { return kind_when_opened(dir / "bioctl.db", store::Access::read_write); }) == exit_of(Kind::permission));
}

TEST_CASE("a folder without permission is named", "[store]") {
    TempDir dir;
    fs::permissions(dir.path(), fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
    auto const kind = as_nobody([&] { return kind_when_opened(dir / "data/bioctl.db", store::Access::read_write); });
    CHECK(kind == exit_of(Kind::permission));
    fs::permissions(dir.path(), fs::perms::owner_all);
}

TEST_CASE("a store in a folder without write permission can be read", "[store]") {
    TempDir dir;
    auto const file = dir / "bioctl.db";
    {
        auto store = writer(file);
        enrol(store, "alice", 1);
    }
    fs::permissions(file, fs::perms::owner_read | fs::perms::others_read);
    fs::permissions(dir.path(), fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
    CHECK(as_nobody([&] { return static_cast<int>(reader(file).people().count()); }) == 1);
    CHECK(as_nobody([&] { return kind_when_opened(file, store::Access::read_write); }) == exit_of(Kind::permission));
    fs::permissions(dir.path(), fs::perms::owner_all);
}

TEST_CASE("a log that cannot be read along is not passed over in silence", "[store]") {
    TempDir dir;
    fs::create_directory(dir / "copy");
    auto const copy = dir / "copy/bioctl.db";
    auto store = writer(dir / "bioctl.db");
    enrol(store, "alice", 1);
    fs::copy_file(dir / "bioctl.db", copy);
    fs::copy_file(dir / "bioctl.db-wal", copy.string() + "-wal");
    for (auto const& path : {copy, fs::path{copy.string() + "-wal"}}) {
        fs::permissions(path, fs::perms::owner_read | fs::perms::others_read);
    }
    fs::permissions(dir / "copy",
                    fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
    fs::permissions(dir.path(), fs::perms::all);
    CHECK(as_nobody([&] { return kind_when_opened(copy, store::Access::read_only); }) == exit_of(Kind::permission));
    fs::permissions(dir / "copy", fs::perms::owner_all);
}
