#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/support/expect_error.hpp"
#include "tests/unit/app/account_support.hpp"
#include "tests/unit/store/support.hpp"

using namespace bioctl;
using test::AccountStore;

namespace {

struct Log : AccountStore {
    Log() {
        for (int i = 1; i <= 5; ++i)
            app::record_after(store, clock, actor, "people.remove", fmt::format("p{}", i), {{"templates", "2"}});
    }

    void tamper(std::string const& statements) { test::sql(dir / "bioctl.db", statements); }

    /// "3 edited, 4 removed"
    std::string found(std::optional<app::AuditExpectation> const& expected = std::nullopt) {
        std::string text;
        for (auto const& finding : app::verify_audit(store, expected).findings)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", finding.id, finding.problem);
        return text;
    }
};

}  // namespace

TEST_CASE("audit: a row that is edited is found, whichever column it was", "[app]") {
    for (auto const* const change : {"at = at + 1", "who = 'local:siti'", "origin = ''", "action = 'people.rename'",
                                     "subject = 'p9'", "detail = '{}'", "hash = zeroblob(32)"}) {
        Log log;
        CAPTURE(change);
        log.tamper(fmt::format("UPDATE audit SET {} WHERE id = 3", change));
        CHECK_THAT(log.found(), Catch::StartsWith("3 edited"));
    }
}

TEST_CASE("audit: text that moves from one column to the next is found", "[app]") {
    Log log;
    log.tamper("UPDATE audit SET action = 'people.removep', subject = '3' WHERE id = 3");
    CHECK(log.found() == "3 edited");
}

TEST_CASE("audit: rows that are removed are found: the first, one between, the last, all", "[app]") {
    struct Case {
        char const* which;
        char const* found;
    };
    for (auto const& [which, found] : {Case{"id = 1", "1 removed"}, Case{"id IN (2, 3)", "2 removed"}, Case{"id = 5", "5 cut"},
                                       Case{"id > 2", "3 cut"}, Case{"id > 0", "1 cut"}}) {
        Log log;
        CAPTURE(which);
        log.tamper(fmt::format("DELETE FROM audit WHERE {}", which));
        CHECK(log.found() == found);
    }
}

TEST_CASE("audit: a row that is removed and numbers that close the gap are found", "[app]") {
    Log log;
    log.tamper("DELETE FROM audit WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 4; UPDATE audit SET id = 4 WHERE id = 5");
    CHECK(log.found() == "3 edited, 4 edited, 5 cut");
}

TEST_CASE("audit: a row that was not written by bioctl is found, also when more are written behind it", "[app]") {
    Log log;
    log.tamper("INSERT INTO audit SELECT 6, at, who, origin, action, 'p6', detail, hash FROM audit WHERE id = 5");
    CHECK(log.found() == "6 edited, 6 added");
    app::record_after(log.store, log.clock, log.actor, "people.remove", "p7");
    CHECK_THAT(log.found(), Catch::StartsWith("6 edited"));
}

TEST_CASE("audit: a cut log goes on, and still tells", "[app]") {
    Log log;
    log.tamper("DELETE FROM audit WHERE id = 5");
    app::record_after(log.store, log.clock, log.actor, "people.remove", "p6");
    CHECK(log.found() == "5 removed");
}

TEST_CASE("audit: a log that is cut together with its head is found by what was noted down", "[app]") {
    Log log;
    auto const before = app::verify_audit(log.store);
    app::AuditExpectation const noted{before.last_id, before.last_hash};
    CHECK(log.found(noted).empty());
    log.tamper(
        "DELETE FROM audit WHERE id = 5;"
        "UPDATE audit_head SET id = 4, hash = (SELECT hash FROM audit WHERE id = 4)");
    CHECK(log.found().empty());
    CHECK(log.found(noted) == "5 not_as_expected");
    // Somebody else's row in its place.
    app::record_after(log.store, log.clock, log.actor, "people.remove", "p9");
    CHECK(log.found().empty());
    CHECK(log.found(noted) == "5 not_as_expected");
}

TEST_CASE("audit: what is written down as expected is read back, and nothing else", "[app]") {
    auto const hash = std::string(64, 'a');
    auto const expected = app::parse_expectation("412:" + hash).value();
    CHECK(expected.id == 412);
    CHECK(expected.hash == hash);
    std::vector<std::string> const wrongs{"",
                                          "412",
                                          ":" + hash,
                                          "0:" + hash,
                                          "-1:" + hash,
                                          "4x:" + hash,
                                          "412:" + hash + "a",
                                          "412:" + std::string(64, 'A'),
                                          "99999999999999999999:" + hash};
    for (auto const& wrong : wrongs)
        CHECK_FALSE(app::parse_expectation(wrong));
}

TEST_CASE("audit: a person is found by the id, and the id is not in the log", "[app]") {
    // printf %s alice | sha256sum
    CHECK(app::subject_of_person("alice") == "sha256:2bd806c97f0e00af");
    CHECK(app::subject_of_person("Alice") != app::subject_of_person("alice"));
}

TEST_CASE("audit: a sound log has no findings, and neither has an empty one", "[app]") {
    Log log;
    auto const report = app::verify_audit(log.store);
    CHECK(report.findings.empty());
    CHECK(report.rows == 5);
    CHECK(report.last_id == 5);
    CHECK(report.last_hash.size() == 64);
    AccountStore empty;
    CHECK(app::verify_audit(empty.store).findings.empty());
    CHECK(app::verify_audit(empty.store).last_hash.empty());
}

TEST_CASE("audit: a row is stored with its change, or neither is", "[app]") {
    Log log;
    CHECK(test::error_of([&] { app::record(log.store, log.clock, log.actor, "x", "y"); }).kind() == Kind::bug);
    CHECK_THROWS(log.store.write([&] {
        log.store.accounts().add({.name = "siti", .role = "admin"}, log.clock.now());
        app::record(log.store, log.clock, log.actor, "accounts.add", "siti");
        throw Error{Kind::io, "the disk is full"};
    }));
    CHECK(app::verify_audit(log.store).rows == 5);
    CHECK(log.store.accounts().list().empty());
    CHECK(log.found().empty());
}

TEST_CASE("audit: whatever the texts are, the row is short and valid UTF-8, and the chain holds", "[app]") {
    AccountStore s;
    app::AuditDetail detail;
    for (int i = 0; i < 100; ++i)
        detail.emplace_back(fmt::format("{}", i), "\"}\n" + std::string(5000, '\xff'));
    std::string const euros = [] {
        std::string text;
        while (text.size() < 1000)
            text += "€";
        return text;
    }();
    app::record_after(s.store, s.clock, {"a\nb", std::string(10'000, 'x')}, "people.remove", euros, detail);
    app::each_audit_row(s.store, {}, [&](store::AuditRow const& row) {
        CHECK(row.origin.size() == 256);
        CHECK(row.subject.size() <= 256);
        CHECK_THAT(row.subject, Catch::EndsWith("€..."));
        CHECK(row.detail.size() < 34 * (1024 + 20));
        return true;
    });
    CHECK(app::verify_audit(s.store).findings.empty());
}

TEST_CASE("audit: rows are found by who, what, whom and when, and the newest few in order", "[app]") {
    Log log;
    app::record_after(log.store, log.clock, {"account:siti", "192.0.2.7"}, "people", "p1");
    log.pass(std::chrono::hours{1});
    app::record_after(log.store, log.clock, {"account:siti", "192.0.2.7"}, "peoples.remove", "p2");
    auto const ids = [&](store::AuditFilter const& filter) {
        std::string text;
        app::each_audit_row(log.store, filter, [&](store::AuditRow const& row) {
            text += fmt::format("{}", row.id);
            return true;
        });
        return text;
    };
    CHECK(ids({}) == "1234567");
    CHECK(ids({.who = "account:siti"}) == "67");
    CHECK(ids({.origin = "cli uid 0", .limit = 2}) == "45");
    CHECK(ids({.subject = "p1"}) == "16");
    CHECK(ids({.action = "people"}) == "123456");
    CHECK(ids({.action = "people.remove"}) == "12345");
    CHECK(ids({.action = "%"}).empty());
    CHECK(ids({.since = log.clock.now()}) == "7");
    CHECK(ids({.until = log.clock.now()}) == "123456");
    CHECK(ids({.limit = 3}) == "567");
}

TEST_CASE("audit: two processes that write at once make one chain", "[app]") {
    Log log;
    auto const write = [&] {
        auto store = store::Store::open(log.dir / "bioctl.db", {});
        for (int i = 0; i < 20; ++i)
            app::record_after(store, log.clock, log.actor, "people.remove", "x");
        return 0;
    };
    auto const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) ::_exit(write());
    write();
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    auto const report = app::verify_audit(log.store);
    CHECK(report.findings.empty());
    CHECK(report.rows == 45);
}
