#include <catch2/catch.hpp>

#include "tests/support/hik_sim/digest.hpp"
#include "tests/unit/hik_sim/support.hpp"

using namespace bioctl::hik_sim;
using bioctl::sim_http::Request;

namespace {

constexpr std::chrono::seconds k_lock_time{60};

/// A client that signs as told.
class Login {
public:
    explicit Login(std::string_view quirks = "none") : m_quirks(parse_quirks(quirks, 1)) {
        take_challenge(Verdict::unsigned_leg);
    }

    void take_challenge(Verdict verdict) {
        auto const reply = m_door.refusal(verdict, m_quirks, m_now);
        m_body = reply.body;
        m_challenge = *parse_digest(reply.headers.front().value);
        m_count = 0;
    }
    Verdict sign(std::string_view password = "secret", std::map<std::string, std::string> const& other = {}) {
        auto given = m_challenge;
        given.insert({{"username", "admin"}, {"uri", "/x?format=json"}, {"cnonce", "c"}, {"qop", "auth"}});
        given["nc"] = "0000000" + std::to_string(++m_count);
        for (auto const& [name, value] : other)
            given[name] = value;
        given["response"] = digest_response(given, "GET", password);
        std::string header = "Digest username=\"" + given["username"] + '"';
        for (auto const* name : {"realm", "nonce", "uri", "cnonce", "qop", "nc", "response", "opaque"})
            header += std::string{", "} + name + "=\"" + given[name] + '"';
        return present(header);
    }
    Verdict present(std::string const& header) {
        auto request = make_request("GET", "/x?format=json");
        request.headers.push_back({"Authorization", header});
        return m_door.judge(request, m_quirks, m_now);
    }
    void wait(std::chrono::seconds time) { m_now += time; }
    [[nodiscard]] std::map<std::string, std::string> const& challenge() const { return m_challenge; }
    [[nodiscard]] std::string const& body() const { return m_body; }
    [[nodiscard]] Doorkeeper& door() { return m_door; }
    [[nodiscard]] Doorkeeper::Time now() const { return m_now; }

private:
    QuirkSet m_quirks;
    Doorkeeper m_door{{.user = "admin", .password = "secret", .realm = "DS", .lock_time = k_lock_time}};
    Doorkeeper::Time m_now{};
    std::map<std::string, std::string> m_challenge;
    std::string m_body;
    unsigned m_count = 0;
};

}  // namespace

TEST_CASE("headers that are no digest are wrong logins", "[hik_sim]") {
    Login login;
    CHECK(login.present("Basic YWRtaW46c2VjcmV0") == Verdict::wrong);
    CHECK(login.present("Digest username=\"admin") == Verdict::wrong);
    CHECK(login.present("Digest ,,,") == Verdict::wrong);
    CHECK(login.present("Digest nonce=a, nonce=b") == Verdict::wrong);
}

TEST_CASE("each part of a digest is verified", "[hik_sim]") {
    Login login;
    auto const name = GENERATE("username", "realm", "uri", "qop", "opaque", "nc");
    CHECK(login.sign("secret", {{name, "other"}}) == Verdict::wrong);
    CHECK(login.sign("secret", {{"cnonce", ""}}) == Verdict::wrong);
    CHECK(login.sign("wrong") == Verdict::wrong);
    CHECK(login.sign() == Verdict::granted);
}

TEST_CASE("the fifth wrong login locks, trying prolongs the lock, and time opens it", "[hik_sim]") {
    Login login;
    for (int i = 0; i < 5; ++i)
        CHECK(login.sign("wrong") == Verdict::wrong);
    login.wait(k_lock_time / 2);
    CHECK(login.sign() == Verdict::locked);
    login.wait(k_lock_time - std::chrono::seconds{1});
    login.take_challenge(Verdict::locked);
    CHECK(login.body().find("<lockStatus>lock</lockStatus>\n<unlockTime>1</unlockTime>") != std::string::npos);
    login.wait(std::chrono::seconds{1});
    CHECK(login.door().tries_left(login.now()) == 5);
    CHECK(login.sign() == Verdict::granted);
}

TEST_CASE("unsigned requests are no wrong logins", "[hik_sim]") {
    Login login;
    for (int i = 0; i < 10; ++i)
        CHECK(login.door().judge(make_request("GET", "/"), {}, login.now()) == Verdict::unsigned_leg);
    CHECK(login.door().tries_left(login.now()) == 5);
}

TEST_CASE("a good login forgets the wrong ones", "[hik_sim]") {
    Login login;
    for (int i = 0; i < 4; ++i)
        CHECK(login.sign("wrong") == Verdict::wrong);
    login.take_challenge(Verdict::wrong);
    CHECK(login.body().find("<lockStatus>unlock</lockStatus>\n<unlockTime>0</unlockTime>\n<retryLoginTime>1<") !=
          std::string::npos);
    CHECK(login.sign() == Verdict::granted);
    CHECK(login.door().tries_left(login.now()) == 5);
}

TEST_CASE("a nonce is good as often as the quirks say", "[hik_sim]") {
    Login once{"nonce-once"}, twice{"nonce-limit-2"}, always{"none"};
    CHECK(once.sign() == Verdict::granted);
    CHECK(once.sign() == Verdict::nonce_refused);
    CHECK(twice.sign() == Verdict::granted);
    CHECK(twice.sign() == Verdict::granted);
    CHECK(twice.sign() == Verdict::nonce_refused);
    for (int i = 0; i < 5; ++i)
        CHECK(always.sign() == Verdict::granted);
    CHECK(always.sign("secret", {{"nc", "00000001"}}) == Verdict::nonce_refused);
    CHECK(always.door().tries_left(always.now()) == 5);
}

TEST_CASE("a stale nonce is told so once, and the new one is good", "[hik_sim]") {
    Login login{"stale"};
    CHECK(login.sign() == Verdict::stale);
    login.take_challenge(Verdict::stale);
    CHECK(login.challenge().at("stale") == "true");
    CHECK(login.sign() == Verdict::granted);
}

TEST_CASE("challenges come in the styles seen in the field", "[hik_sim]") {
    CHECK_FALSE(Login{"no-algorithm"}.challenge().contains("algorithm"));
    CHECK(Login{"stale-upper"}.challenge().at("stale") == "FALSE");
    CHECK(Login{"domain"}.challenge().at("domain") == "::");
    Login empty{"empty-opaque"};
    CHECK(empty.challenge().at("opaque").empty());
    CHECK(empty.sign() == Verdict::granted);
    CHECK(Login{"html-401"}.body().starts_with("<!DOCTYPE html>"));
    CHECK(Login{"bare-401"}.body().find("lockStatus") == std::string::npos);
}

TEST_CASE("the response is the one of RFC 2617, section 3.5", "[hik_sim]") {
    CHECK(md5_hex("abc") == "900150983cd24fb0d6963f7d28e17f72");  // RFC 1321, A.5
    CHECK(digest_response({{"username", "Mufasa"},
                           {"realm", "testrealm@host.com"},
                           {"nonce", "dcd98b7102dd2f0e8b11d0f600bfb0c093"},
                           {"uri", "/dir/index.html"},
                           {"qop", "auth"},
                           {"nc", "00000001"},
                           {"cnonce", "0a4f113b"}},
                          "GET", "Circle Of Life") == "6629fae49393a05397450978507c4ef1");
}
