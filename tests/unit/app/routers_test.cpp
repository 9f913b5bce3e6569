#include "lib/app/routers.hpp"

#include <catch2/catch.hpp>

#include "tests/support/expect_error.hpp"
#include "tests/support/stopped_clock.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::test {

namespace {

app::RouterChange wanted(std::string const& name = "bukit") {
    app::RouterChange change;
    change.name = name;
    change.host = "192.0.2.1";
    change.user = "monitor";
    change.password = "router-Secret-1";
    return change;
}

}  // namespace

TEST_CASE("hosts are read with and without a port", "[app]") {
    auto const read = [](std::string_view text) {
        auto const parsed = app::host_and_port(text).or_throw();
        return parsed.host + " " + (parsed.port ? std::to_string(*parsed.port) : "-");
    };
    CHECK(read("192.0.2.1") == "192.0.2.1 -");
    CHECK(read("gw.example:8728") == "gw.example 8728");
    CHECK(read("2001:db8::1") == "2001:db8::1 -");
    CHECK(read("[2001:db8::1]:443") == "2001:db8::1 443");
    CHECK(read("[2001:db8::1]") == "2001:db8::1 -");
    for (auto const* text :
         {"", ":80", "a:", "a:0", "a:65536", "a:8x", "http://a", "a b", "a/b", "u@a", "-a", "[::1", "[x]:1", "[::1]80", "a:b:80"})
        CHECK(app::host_and_port(text).error().kind() == Kind::usage);
}

TEST_CASE("the port follows via and tls until somebody names one", "[app]") {
    TempDir const dir;
    auto store = store::Store::open(dir / "s.db", {});
    auto const key = SealKey::load_or_create(dir / "key");
    StoppedClock const clock;
    CHECK(app::add_router(store, clock, key, wanted()).config.port == 8729);
    app::RouterChange change;
    change.tls = "off";
    CHECK(app::edit_router(store, clock, key, "bukit", change).config.port == 8728);
    change.via = "rest";
    CHECK(app::edit_router(store, clock, key, "bukit", change).config.port == 80);
    change.tls = "ca";
    CHECK(app::edit_router(store, clock, key, "bukit", change).config.port == 443);
    change = {};
    change.host = "192.0.2.1:8443";
    CHECK(app::edit_router(store, clock, key, "bukit", change).config.port == 8443);
    change = {};
    change.tls = "off";
    CHECK(app::edit_router(store, clock, key, "bukit", change).config.port == 8443);
}

TEST_CASE("what is wrong with a router is said by field", "[app]") {
    TempDir const dir;
    auto store = store::Store::open(dir / "s.db", {});
    auto const key = SealKey::load_or_create(dir / "key");
    StoppedClock const clock;
    auto const refusal = [&](auto set) {
        auto change = wanted();
        set(change);
        auto const error = error_of([&] { app::add_router(store, clock, key, change); });
        CHECK(error.kind() == Kind::usage);
        CHECK_THAT(error.message(), !Catch::Contains("router-Secret-1"));
        return error.message();
    };
    CHECK_THAT(refusal([](auto& c) { c.name = "-x"; }), Catch::StartsWith("name"));
    CHECK_THAT(refusal([](auto& c) { c.user = ""; }), Catch::Contains("--user"));
    CHECK_THAT(refusal([](auto& c) { c.password.reset(); }), Catch::Contains("--password-file"));
    CHECK_THAT(refusal([](auto& c) { c.tls = "ssl"; }), Catch::Contains("ca, pin, off, anon"));
    CHECK_THAT(refusal([](auto& c) { c.tls = "pin"; }), Catch::Contains("--pin"));
    CHECK_THAT(refusal([](auto& c) {
                   c.tls = "pin";
                   c.pin = "sha256//short";
               }),
               Catch::Contains("--pin"));
    CHECK_THAT(refusal([](auto& c) { c.via = "ssh"; }), Catch::Contains("api, rest"));
    CHECK_THAT(refusal([](auto& c) { c.login = "new"; }), Catch::Contains("auto, plain, md5"));
    CHECK_THAT(refusal([](auto& c) {
                   c.via = "rest";
                   c.tls = "anon";
               }),
               Catch::Contains("certificate"));
    CHECK(store.routers().list().empty());
}

TEST_CASE("a refusal ends with an edit of how to log in, not with a new name", "[app]") {
    TempDir const dir;
    auto store = store::Store::open(dir / "s.db", {});
    auto const key = SealKey::load_or_create(dir / "key");
    StoppedClock const clock;
    auto const router = app::add_router(store, clock, key, wanted());
    auto const refused = app::health_after({}, Error{Kind::permission, "no"}, app::FailedAt::login, clock.now());
    CHECK(refused.state == "refused");
    // A command that the user may not give is no wrong password.
    CHECK(app::health_after({}, Error{Kind::permission, "no"}, app::FailedAt::later, clock.now()).state == "failing");
    store.write([&] { store.routers().set_health(router.key, refused); });
    app::RouterChange change;
    change.name = "bukit-2";
    CHECK(app::edit_router(store, clock, key, "bukit", change).health.state == "refused");
    change = {};
    change.enabled = true;
    CHECK(app::edit_router(store, clock, key, "bukit-2", change).health.state == "unknown");
}

TEST_CASE("a slip in a name is answered with the nearest one", "[app]") {
    TempDir const dir;
    auto store = store::Store::open(dir / "s.db", {});
    auto const key = SealKey::load_or_create(dir / "key");
    StoppedClock const clock;
    app::add_router(store, clock, key, wanted());
    auto error = error_of([&] { static_cast<void>(app::require_router(store, "bukti")); });
    CHECK(error.kind() == Kind::no_input);
    CHECK_THAT(error.message(), Catch::Contains("did you mean 'bukit'?"));
    app::add_router(store, clock, key, wanted("kota"));
    app::RouterChange change;
    change.name = "bukit";
    CHECK(error_of([&] { app::edit_router(store, clock, key, "kota", change); }).kind() == Kind::data);
    store.write([&] { store.routers().remove("kota", clock.now()); });
    CHECK_NOTHROW(app::require_known_router(store, "kota"));
    CHECK(error_of([&] { app::require_known_router(store, "koto"); }).kind() == Kind::no_input);
}

}  // namespace bioctl::test
