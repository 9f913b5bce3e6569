#include <catch2/catch.hpp>

#include <future>

#include "tests/support/expect_error.hpp"
#include "tests/unit/app/account_support.hpp"
#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace std::chrono_literals;
using test::AccountStore;

namespace {

/// Wrong passwords until one of them is made to wait; how many were looked at.
int guess_until_held_back(AccountStore& s, std::string const& name, std::string const& peer) {
    for (int tries = 0; tries < 100; ++tries) {
        auto const answer = s.login(name, "wrong password", peer);
        CHECK_FALSE(answer.session);
        if (answer.retry_after > 0s) return tries;
    }
    return 100;
}

}  // namespace

TEST_CASE("login: a wrong password, an unknown name and a disabled account get one answer after the same work", "[app]") {
    AccountStore s;
    s.add("siti", "admin");
    s.add("budi");
    app::set_enabled(s.store, s.clock, s.actor, "budi", false);
    for (auto const& [name, password] : {std::pair{"siti", "wrong password"}, std::pair{"nobody", test::k_password},
                                         std::pair{"budi", test::k_password}, std::pair{"", ""}}) {
        CAPTURE(name);
        s.hasher.asked = 0;
        auto const answer = s.login(name, password);
        CHECK_FALSE(answer.session);
        CHECK(answer.retry_after == 0s);
        CHECK(s.hasher.asked == 1);
    }
    s.login("nobody");
    CHECK(s.hasher.asked_for == "nobody");
    s.hasher.asked = 0;
    auto const answer = s.login("Siti");
    REQUIRE(answer.session);
    CHECK(s.hasher.asked == 1);
    CHECK(answer.session->principal.name == "siti");
    CHECK(answer.session->principal.may(app::Scope::admin));
    CHECK(answer.session->token.size() == 43);
    CHECK(answer.session->token != answer.session->csrf_token);
}

TEST_CASE("login: a password longer than any account's is refused after the same work", "[app]") {
    AccountStore s;
    s.add("siti");
    CHECK_FALSE(s.login("siti", test::k_password + std::string(100'000, ' ')).session);
    CHECK_FALSE(s.login(std::string(100'000, 'a'), test::k_password).session);
    CHECK(s.hasher.asked == 2);
}

TEST_CASE("login: waits double, and end", "[app]") {
    std::string waits;
    for (int failures = 0; failures <= 12; ++failures)
        waits += fmt::format("{} ", app::wait_after(failures, app::k_name_back_off).count());
    CHECK(waits == "0 0 0 0 1 2 4 8 16 32 60 60 60 ");
    CHECK(app::wait_after(2'000'000'000, app::k_peer_back_off) == 60s);
}

TEST_CASE("login: who guesses at a name waits longer and longer, whether there is such an account or not", "[app]") {
    for (std::string const name : {"siti", "nobody"}) {
        AccountStore s;
        s.add("siti");
        CAPTURE(name);
        CHECK(guess_until_held_back(s, name, "192.0.2.7") == 4);
        auto const asked = s.hasher.asked;
        CHECK(s.login(name, test::k_password, "192.0.2.8").retry_after == 1s);
        CHECK(s.hasher.asked == asked);  // what has to wait is not looked at
        s.pass(1s);
        CHECK(s.login(name, "wrong password").retry_after == 0s);
        CHECK(s.login(name).retry_after == 2s);
        s.pass(1500ms);
        CHECK(s.login(name).retry_after == 1s);
    }
}

TEST_CASE("login: who guesses at many names is held back as a peer; an IPv6 peer as its network", "[app]") {
    AccountStore s;
    s.add("siti");
    auto const guess_names = [&](auto const& peer_of) {
        for (int i = 0;; ++i) {
            if (s.login(fmt::format("name{}", i), "wrong password", peer_of(i)).retry_after > 0s) return i;
            if (i == 30) return i;
        }
    };
    CHECK(guess_names([](int) { return std::string{"192.0.2.7"}; }) == 11);
    CHECK(s.login("siti", test::k_password, "192.0.2.7").retry_after > 0s);
    CHECK(s.login("siti", test::k_password, "192.0.2.8").session);
    AccountStore six;
    CHECK(guess_names([](int i) { return fmt::format("198.51.100.{}", i); }) == 30);
    s.pass(25h);
    CHECK(guess_names([](int i) { return fmt::format("2001:db8:0:1::{:x}", i); }) == 11);
    CHECK(s.login("siti", test::k_password, "2001:db8:0:2::1").session);
    // Clients of IPv4 on a socket of both families are no network of their own.
    s.pass(25h);
    CHECK(guess_names([](int i) { return fmt::format("::ffff:198.51.100.{}", i); }) == 30);
}

TEST_CASE("login: an account of one's own does not make guessing at others' free", "[app]") {
    AccountStore s;
    s.add("mallory");
    s.add("siti");
    int guesses = 0;
    for (; guesses < 30; ++guesses) {
        s.login("mallory", test::k_password, "203.0.113.9");
        if (s.login(fmt::format("victim{}", guesses), "wrong password", "203.0.113.9").retry_after > 0s) break;
    }
    CHECK(guesses < 12);
}

TEST_CASE("login: others cannot keep the owner out from where they last logged in", "[app]") {
    AccountStore s;
    s.add("siti");
    REQUIRE(s.login("siti", test::k_password, "192.0.2.7").session);
    guess_until_held_back(s, "siti", "203.0.113.9");
    CHECK(s.login("siti", test::k_password, "192.0.2.8").retry_after > 0s);
    CHECK(s.login("siti", test::k_password, "192.0.2.7").session);
}

TEST_CASE("login: a good one ends the back-off of the name; a new password too; a day does", "[app]") {
    AccountStore s;
    s.add("siti");
    guess_until_held_back(s, "siti", "192.0.2.7");
    s.pass(1s);
    CHECK(s.login("siti").session);
    CHECK(guess_until_held_back(s, "siti", "192.0.2.8") == 4);
    app::set_password(s.store, s.clock, s.actor, "siti", test::k_password, s.hasher);
    CHECK(guess_until_held_back(s, "siti", "192.0.2.9") == 4);
    s.pass(24h);
    CHECK(guess_until_held_back(s, "siti", "192.0.2.10") == 4);
}

TEST_CASE("login: a restart forgets nothing, and a clock that was wrong locks nobody out", "[app]") {
    AccountStore s;
    s.add("siti");
    guess_until_held_back(s, "siti", "192.0.2.7");
    s.store = store::Store::open(s.dir / "bioctl.db", {});
    CHECK(s.login("siti").retry_after == 1s);
    s.pass(-24h * 365);
    auto const wait = s.login("siti").retry_after;
    CHECK(wait > 0s);
    CHECK(wait <= 60s);
}

TEST_CASE("login: many names do not fill the disk", "[app]") {
    AccountStore s;
    auto accounts = s.store.accounts();
    s.store.write([&] {
        for (int i = 0; i < 60; ++i)
            accounts.set_failures("name", sha256(as_bytes(fmt::format("{}", i))), {i, {}, s.clock.now()});
        accounts.prune_failures(s.clock.now() - 24h, 50);
    });
    CHECK(accounts.failures("name", sha256(as_bytes("9"))).count == 0);
    CHECK(accounts.failures("name", sha256(as_bytes("10"))).count == 10);
    s.store.write([&] { accounts.prune_failures(s.clock.now() + 1ms, 50); });
    CHECK(accounts.failures("name", sha256(as_bytes("59"))).count == 0);
}

TEST_CASE("login: refusals are recorded sparsely, and never what was typed as the name of nobody", "[app]") {
    AccountStore s;
    s.add("siti");
    for (int i = 0; i < 9; ++i)
        s.login(i % 2 == 0 ? "hunter2 hunter2" : "siti", "wrong password");
    CHECK(s.actions() ==
          "local:root accounts.add siti\nnobody login.refused \nnobody login.refused siti\n"
          "nobody login.refused siti\nnobody login.refused siti");
    s.login("siti", test::k_password, "192.0.2.8");
    s.pass(1min);
    s.login("siti", test::k_password, "192.0.2.8");
    CHECK_THAT(s.actions(), Catch::EndsWith("account:siti login siti"));
    CHECK_THAT(test::read_text(s.dir / "bioctl.db-wal"), !Catch::Contains("hunter2"));
}

TEST_CASE("login: of many at once with a wrong password only the free ones are looked at", "[app]") {
    AccountStore s;
    s.add("siti");
    std::vector<std::future<bool>> tries;
    for (int i = 0; i < 8; ++i) {
        tries.push_back(std::async(std::launch::async, [&] {
            auto store = store::Store::open(s.dir / "bioctl.db", {});
            auto const answer =
                app::login(store, s.clock, {"siti", "wrong password", "192.0.2.7"}, s.hasher);  // hashes one at a time
            return answer.retry_after == 0s;
        }));
    }
    int looked_at = 0;
    for (auto& result : tries)
        looked_at += result.get() ? 1 : 0;
    CHECK(looked_at == 4);
    CHECK(s.hasher.asked == 4);
}

TEST_CASE("login: two processes count as one", "[app]") {
    AccountStore s;
    s.add("siti");
    auto const wrong_in_child = [&] {
        return test::in_child([&] {
            auto store = store::Store::open(s.dir / "bioctl.db", {});
            int looked_at = 0;
            for (int i = 0; i < 5; ++i) {
                auto const answer = app::login(store, s.clock, {"siti", "wrong password", "192.0.2.7"}, s.hasher);
                looked_at += answer.retry_after == 0s ? 1 : 0;
            }
            return looked_at;
        });
    };
    auto other = std::async(std::launch::deferred, wrong_in_child);
    CHECK(wrong_in_child() + other.get() == 4);
}

TEST_CASE("login: nothing is given to whoever is disabled while the password is looked at", "[app]") {
    /// Disables the account between the look at the store and the answer.
    class Slow final : public PasswordHasher {
    public:
        explicit Slow(AccountStore& s) : m_s(s) {}
        [[nodiscard]] std::string hash(std::string_view password) const override { return m_s.hasher.hash(password); }
        [[nodiscard]] std::string_view nobody() const override { return m_s.hasher.nobody(); }
        [[nodiscard]] bool matches(std::string_view hash, std::string_view password) const override {
            auto other = store::Store::open(m_s.dir / "bioctl.db", {});
            app::set_enabled(other, m_s.clock, m_s.actor, "siti", false, app::LastAdmin::let_go);
            return m_s.hasher.matches(hash, password);
        }

    private:
        AccountStore& m_s;
    };
    AccountStore s;
    s.add("siti");
    CHECK_FALSE(app::login(s.store, s.clock, {"siti", test::k_password, "192.0.2.7"}, Slow{s}).session);
}
