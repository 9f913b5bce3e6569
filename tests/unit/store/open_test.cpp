#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <array>
#include <string>

#include <fmt/format.h>
#include <sqlite3.h>

#include "lib/base/bytes.hpp"
#include "lib/store/accounts.hpp"
#include "lib/store/audit.hpp"
#include "lib/store/devices.hpp"
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

/// How SQLite would find it, a line for each step.
std::string plan(fs::path const& file, std::string const& query) {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
    std::string steps;
    auto const collect = [](void* to, int, char** columns, char**) {
        *static_cast<std::string*>(to) += fmt::format("{}\n", columns[3]);
        return 0;
    };
    int const result = sqlite3_exec(database, ("EXPLAIN QUERY PLAN " + query).c_str(), collect, &steps, nullptr);
    sqlite3_close(database);
    REQUIRE(result == SQLITE_OK);
    return steps;
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

TEST_CASE("a step that is out in the world stays as it was", "[store]") {
    // Stores have been through them. A new table or column is a new step, with its hash below the others.
    constexpr std::array<std::string_view, 7> k_published{"e092efb46a9c605df2a0242c80f919b10f23e87ef089bb488ca2754a39129144",
                                                          "faf2f7d726b8b106547d2d4d4b4bb6192beb9549a085a633965e6bf31d7e70ba",
                                                          "636ce222414b086b12c0efb16305f901cdfb7696232c7cf59932fa08058bd9bd",
                                                          "67198ab945981c284df5638fb26832b6ef21b97de25534b535e0ffc8d33b1f06",
                                                          "f24f8fb55b3da9b43f785c149ff6156569b4c186ccf4f6a1c459dd073966845a",
                                                          "4a78b6cb5049f3e93772d438dc7eb1844f0a7e22b814869c3f111710fd4d7ae6",
                                                          "7909d984b237c5efd6482f7c36b4776218a27aaa19dbfc33613d81774290a507"};
    auto const steps = store::migrations();
    REQUIRE(steps.size() == k_published.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
        CAPTURE(i + 1);
        CHECK(to_hex(sha256(as_bytes(std::string_view{steps[i]}))) == k_published[i]);
    }
}

TEST_CASE("version 4 comes along with its counts and transitions, whose ids do not come again", "[store]") {
    TempDir dir;
    auto const file = dir / "bioctl.db";
    for (auto const* step : store::migrations().first(4))
        sql(file, step);
    sql(file, fmt::format("PRAGMA application_id = {}", store::k_application_id));
    sql(file, "PRAGMA user_version = 4");
    sql(file,
        "INSERT INTO device (name, base_url, user, password, location, tags, tls, pin, window, reuse_nonce, enabled, created_at,"
        " updated_at) VALUES ('gate', 'http://192.0.2.1', '', x'', '', '', 'off', '', 'device', 0, 1, 1, 1)");
    sql(file, "INSERT INTO device_transition VALUES (7, 1, 1000, 'online', 'offline', 'no route')");
    sql(file,
        "INSERT INTO router (name, host, port, via, tls, pin, user, password, login, enabled, created_at, updated_at)"
        " VALUES ('bukit', '192.0.2.2', 80, 'rest', 'off', '', '', x'', 'auto', 1, 1, 1)");
    sql(file, "INSERT INTO hotspot_count (router, server, at, users) VALUES (1, 'hs', 5000, 3)");

    auto store = writer(file);
    auto const turns = store.devices().transitions_after(0, 10);
    REQUIRE(turns.size() == 1);
    CHECK(turns[0].id == 7);
    CHECK(turns[0].reason == "no route");
    CHECK(sql(file, "SELECT users FROM hotspot_count WHERE posted IS NULL") == std::vector<std::string>{"3"});
    sql(file, "DELETE FROM device_transition");
    store.write([&] { store.devices().set_health(1, {.state = "offline"}, at(2000)); });
    CHECK(store.devices().newest_transition() == 8);
    CHECK(store.integrity() == "ok");
}

TEST_CASE("what pages look at often is found by an index", "[store]") {
    TempDir dir;
    auto const file = dir / "bioctl.db";
    auto const store = writer(file);
    auto const plan_of = [&](char const* query) { return plan(file, query); };
    CHECK_THAT(
        plan_of("SELECT count(DISTINCT mac) FROM hotspot_session WHERE last_seen >= ?1 AND (?2 IS NULL OR started_at < ?2)"),
        Catch::Contains("hotspot_session_seen (last_seen>?)"));
    CHECK_THAT(plan_of("SELECT * FROM hotspot_session AS s JOIN router ON router.key = s.router WHERE s.last_seen >= ?1"
                       " ORDER BY +s.started_at, s.id LIMIT ?2"),
               Catch::Contains("hotspot_session_seen (last_seen>?)"));
    auto const posts = plan_of("SELECT at, posted FROM hotspot_count WHERE router = ? AND server = ? ORDER BY at DESC LIMIT ?");
    CHECK_THAT(posts, Catch::Contains("hotspot_count_of_server (router=? AND server=?)"));
    CHECK_THAT(posts, !Catch::Contains("TEMP B-TREE"));
    CHECK_THAT(plan_of("SELECT key FROM hotspot_count WHERE router = ?1 AND server = ?2 AND posted IS NOT NULL ORDER BY at DESC"),
               Catch::Contains("hotspot_count_posted"));
    CHECK_THAT(plan_of("SELECT count(*) FROM notification WHERE clear_batch IS NULL AND is_read = 0"),
               Catch::Contains("notification_unread"));
    CHECK_THAT(plan_of("SELECT id FROM outage WHERE ended_at IS NULL"), Catch::Contains("INDEX outage_open"));
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
