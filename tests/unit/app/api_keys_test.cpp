#include <catch2/catch.hpp>

#include "tests/support/expect_error.hpp"
#include "tests/unit/app/account_support.hpp"

using namespace bioctl;
using namespace std::chrono_literals;
using app::Scope;
using test::AccountStore;
using test::error_of;

namespace {

struct Keys : AccountStore {
    app::NewApiKey create(std::string name, std::set<Scope> scopes = {Scope::recognize}, Timestamp expires_at = {}) {
        return app::create_api_key(store, clock, actor, {std::move(name), std::move(scopes), expires_at});
    }
    std::optional<app::Principal> check(std::string_view secret) { return app::check_api_key(store, clock, secret); }
};

}  // namespace

TEST_CASE("api key: what is none, or one character off, opens nothing", "[app]") {
    Keys s;
    auto const secret = s.create("laravel").secret;
    REQUIRE(secret.size() == 55);
    for (std::size_t i = 0; i < secret.size(); ++i) {
        auto wrong = secret;
        wrong[i] = wrong[i] == 'a' ? 'b' : 'a';
        CAPTURE(i);
        CHECK_FALSE(s.check(wrong));
    }
    for (auto const& wrong : {std::string{}, std::string{"bk_"}, secret.substr(0, 54), secret + "a", secret.substr(0, 11),
                              std::string(1'000'000, 'b'), std::string(55, '\0')})
        CHECK_FALSE(s.check(wrong));
    CHECK(s.check(secret));
}

TEST_CASE("api key: it is who it is for, and may what it was made for", "[app]") {
    Keys s;
    auto const fresh = s.create("laravel", {Scope::recognize, Scope::read});
    auto const principal = s.check(fresh.secret).value();
    CHECK(principal.kind == "key");
    CHECK(principal.name == "laravel");
    CHECK(principal.may(Scope::read));
    CHECK_FALSE(principal.may(Scope::enrol));
    CHECK(app::actor_of(principal, "192.0.2.7").who == fmt::format("key:{}", fresh.key.id));
    CHECK(app::looks_like_api_key(fresh.secret));
    CHECK_FALSE(app::looks_like_api_key(fresh.key.id));
}

TEST_CASE("api key: the secret is nowhere in the store", "[app]") {
    Keys s;
    auto const secret = s.create("laravel").secret;
    s.store.checkpoint();
    auto const file = test::read_text(s.dir / "bioctl.db");
    CHECK_THAT(file, Catch::Contains(secret.substr(0, 11)));
    CHECK_THAT(file, !Catch::Contains(secret.substr(12)));
}

TEST_CASE("api key: it ends at its time, and when it is revoked", "[app]") {
    Keys s;
    auto const brief = s.create("brief", {Scope::read}, s.clock.now() + 1h).secret;
    auto const lasting = s.create("lasting").secret;
    s.pass(1h - 1ms);
    CHECK(s.check(brief));
    s.pass(1ms);
    CHECK_FALSE(s.check(brief));
    CHECK(s.check(lasting));
    CHECK(app::has_any_credential(s.store));
    app::revoke_api_key(s.store, s.clock, s.actor, "LASTING");
    CHECK_FALSE(s.check(lasting));
    // Time must not open a door: a key that is expired still says that there is a lock.
    CHECK(app::has_any_credential(s.store));
    app::revoke_api_key(s.store, s.clock, s.actor, "brief");
    CHECK_FALSE(app::has_any_credential(s.store));
}

TEST_CASE("api key: wishes that cannot be are refused", "[app]") {
    Keys s;
    CHECK(error_of([&] { s.create("a b"); }).kind() == Kind::usage);
    CHECK(error_of([&] { s.create("bk_x"); }).kind() == Kind::usage);
    CHECK(error_of([&] { s.create("laravel", {}); }).kind() == Kind::usage);
    CHECK(error_of([&] { s.create("laravel", {Scope::read}, s.clock.now()); }).kind() == Kind::usage);
    CHECK(s.store.api_keys().list(true).empty());
    auto const first = s.create("laravel").key;
    CHECK(error_of([&] { s.create("Laravel"); }).kind() == Kind::data);
    auto const unknown = error_of([&] { app::revoke_api_key(s.store, s.clock, s.actor, "laravle"); });
    CHECK(unknown.kind() == Kind::no_input);
    CHECK_THAT(unknown.message(), Catch::Contains("did you mean 'laravel'?"));
    app::revoke_api_key(s.store, s.clock, s.actor, first.id);
    CHECK_THAT(error_of([&] { app::revoke_api_key(s.store, s.clock, s.actor, first.id); }).message(),
               Catch::Contains("revoked at"));
    CHECK(s.create("laravel").key.id != first.id);
    CHECK(s.store.api_keys().list(false).size() == 1);
    CHECK(s.store.api_keys().list(true).size() == 2);
}

TEST_CASE("api key: a whole key in the place of a name is not repeated in the message", "[app]") {
    Keys s;
    auto secret = s.create("laravel").secret;
    auto const message = error_of([&] { app::revoke_api_key(s.store, s.clock, s.actor, secret); }).message();
    CHECK_THAT(message, !Catch::Contains(secret.substr(12)));
}

TEST_CASE("api key: that it was used is written once a minute", "[app]") {
    Keys s;
    auto const fresh = s.create("laravel");
    auto const used = [&] { return s.store.api_keys().get(fresh.key.id).value().last_used_at; };
    CHECK(used() == Timestamp{});
    CHECK(s.check(fresh.secret));
    auto const first = used();
    CHECK(first == s.clock.now());
    s.pass(59s);
    CHECK(s.check(fresh.secret));
    CHECK(used() == first);
    s.pass(1s);
    CHECK(s.check(fresh.secret));
    CHECK(used() == s.clock.now());
    s.pass(-1h);
    CHECK(s.check(fresh.secret));
    CHECK(used() == s.clock.now());
}

TEST_CASE("api key: a store that somebody else writes to does not keep a program out", "[app]") {
    Keys s;
    auto const fresh = s.create("laravel");
    auto quick = store::Store::open(s.dir / "bioctl.db", {.access = store::Access::read_write, .busy_timeout = 10ms});
    s.store.write([&] { CHECK(app::check_api_key(quick, s.clock, fresh.secret)); });
    CHECK(s.store.api_keys().get(fresh.key.id)->last_used_at == Timestamp{});
}

TEST_CASE("api key: making and revoking is in the log, by id and without the secret", "[app]") {
    Keys s;
    auto const fresh = s.create("laravel", {Scope::read, Scope::metrics});
    app::revoke_api_key(s.store, s.clock, s.actor, "laravel");
    CHECK(s.actions() == "local:root accounts.keys.create laravel\nlocal:root accounts.keys.revoke laravel");
    app::each_audit_row(s.store, {.limit = 1}, [&](store::AuditRow const& row) {
        CHECK(row.detail == fmt::format(R"({{"id":"{}"}})", fresh.key.id));
        return true;
    });
    CHECK(fresh.key.created_by == "local:root");
}
