#include <catch2/catch.hpp>

#include "tests/unit/app/account_support.hpp"

using namespace bioctl;
using namespace std::chrono_literals;
using test::AccountStore;

namespace {

struct Sessions : AccountStore {
    Sessions() {
        add("siti");
        add("budi");
    }
    std::string begin(std::string const& name = "siti") { return login(name).session.value().token; }
    bool is_open(std::string const& token) { return app::session(store, clock, token).has_value(); }
};

}  // namespace

TEST_CASE("session: tokens that are none open nothing", "[app]") {
    Sessions s;
    auto const token = s.begin();
    for (auto const& wrong : {std::string{}, token.substr(1), token + "A", std::string(1'000'000, 'A'), std::string{"\0", 1}})
        CHECK_FALSE(s.is_open(wrong));
    CHECK_FALSE(s.is_open(to_hex(sha256(as_bytes(token)))));
    CHECK(s.is_open(token));
}

TEST_CASE("session: it says who it is, and each login has tokens of its own", "[app]") {
    Sessions s;
    auto const first = s.login("siti").session.value();
    auto const second = s.login("siti").session.value();
    CHECK(first.token != second.token);
    CHECK(first.csrf_token != second.csrf_token);
    auto const found = app::session(s.store, s.clock, first.token).value();
    CHECK(found.principal.name == "siti");
    CHECK(found.principal.kind == "account");
    CHECK(found.csrf_token == first.csrf_token);
    CHECK(app::actor_of(found.principal, "192.0.2.7").who == "account:siti");
}

TEST_CASE("session: half an hour without a request ends it, a request keeps it", "[app]") {
    Sessions s;
    auto const token = s.begin();
    s.pass(29min + 59s);
    CHECK(s.is_open(token));
    s.pass(29min + 59s);
    CHECK(s.is_open(token));
    s.pass(30min);
    CHECK_FALSE(s.is_open(token));
}

TEST_CASE("session: it ends after twelve hours, however busy it is", "[app]") {
    Sessions s;
    auto const token = s.begin();
    for (int i = 0; i < 35; ++i) {
        s.pass(20min);
        CHECK(s.is_open(token));
    }
    s.pass(19min);
    CHECK(s.is_open(token));
    s.pass(1min);
    CHECK_FALSE(s.is_open(token));
}

TEST_CASE("session: that it was used is written once a minute, and a store opened for reading does not matter", "[app]") {
    Sessions s;
    auto const token = s.begin();
    auto const seen = [&] { return s.store.web_sessions().get(sha256(as_bytes(token))).value().last_seen; };
    auto const began = seen();
    s.pass(59s);
    CHECK(s.is_open(token));
    CHECK(seen() == began);
    s.pass(1s);
    auto reader = store::Store::open(s.dir / "bioctl.db", {.access = store::Access::read_only});
    CHECK(app::session(reader, s.clock, token));
    CHECK(seen() == began);
    CHECK(s.is_open(token));
    CHECK(seen() == s.clock.now());
}

TEST_CASE("session: one that seems to come from the future is over", "[app]") {
    Sessions s;
    auto const token = s.begin();
    s.pass(-1h);
    CHECK_FALSE(s.is_open(token));
}

TEST_CASE("session: all of an account end when its password changes, it is disabled, or removed", "[app]") {
    Sessions s;
    auto const change = [&](auto const& work) {
        auto const one = s.begin();
        auto const two = s.begin();
        auto const others = s.begin("budi");
        work();
        CHECK_FALSE(s.is_open(one));
        CHECK_FALSE(s.is_open(two));
        CHECK(s.is_open(others));
    };
    change([&] { app::set_password(s.store, s.clock, s.actor, "siti", test::k_password, s.hasher); });
    change([&] { app::set_enabled(s.store, s.clock, s.actor, "siti", false); });
    app::set_enabled(s.store, s.clock, s.actor, "siti", true);
    change([&] { app::remove_account(s.store, s.clock, s.actor, "siti"); });
}

TEST_CASE("session: logging out ends one, and is recorded", "[app]") {
    Sessions s;
    auto const one = s.begin();
    auto const two = s.begin();
    CHECK(app::logout(s.store, s.clock, one, "192.0.2.7"));
    CHECK_FALSE(s.is_open(one));
    CHECK(s.is_open(two));
    CHECK_FALSE(app::logout(s.store, s.clock, one, "192.0.2.7"));
    CHECK_THAT(s.actions(), Catch::EndsWith("account:siti logout siti"));
}

TEST_CASE("session: an account has at most fifty, and old ones are deleted", "[app]") {
    Sessions s;
    auto const first = s.begin();
    std::string last;
    for (int i = 0; i < 50; ++i) {
        s.pass(1s);
        last = s.begin();
    }
    CHECK_FALSE(s.is_open(first));
    CHECK(s.is_open(last));
    auto const account = app::require_account(s.store, "siti").key;
    CHECK(s.store.web_sessions().count(account) == 50);
    s.pass(31min);
    s.begin();
    CHECK(s.store.web_sessions().count(account) == 1);
}
