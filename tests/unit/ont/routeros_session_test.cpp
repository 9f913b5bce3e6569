#include "lib/ont/routeros_session.hpp"

#include <set>

#include <catch2/catch.hpp>

#include "tests/support/expect_error.hpp"
#include "tests/unit/ont/router_support.hpp"

namespace bioctl::test {

using namespace std::chrono_literals;
using ont::RouterLogin;
using ont::RouterOsSession;
using routeros_sim::Fault;
using routeros_sim::Login;
using routeros_sim::Router;
using routeros_sim::RouterOptions;
using routeros_sim::Server;

namespace {

ont::RouterTimes const k_short{.connect = 500ms, .login = 400ms, .command = 400ms};

int users_of(RouterOsSession& session) {
    std::set<std::string> ids;
    session.print("/ip/hotspot/active", {".id", "mac-address"}, in(20s),
                  [&](ont::RouterReply const& row) { ids.insert(std::string{row.get(".id")}); });
    return static_cast<int>(ids.size());
}

int refused_logins(Server& server) {
    int count = 0;
    server.with([&](Router& router) { count = router.refused_logins; });
    return count;
}

}  // namespace

TEST_CASE("the MD5 login answers as the dossier's vectors say", "[ont]") {
    CHECK(ont::md5_response("test", "259e0bc05acd6f46926dc2f809ed1bba") == "00c7fd865183a43a772dde231f6d0bff13");
    CHECK(ont::md5_response("passTest", "abc123") == "0021277bff9ac7caf06aa608e46616d47f");
    CHECK(ont::md5_response("test", "259E0BC05ACD6F46926DC2F809ED1BBA") == "00c7fd865183a43a772dde231f6d0bff13");
    for (auto const* challenge : {"", "abc", "zz", "25 e"})
        CHECK(ont::md5_response("test", challenge).error().kind() == Kind::protocol);
    CHECK_FALSE(ont::md5_response("test", std::string(100'000, 'a')));
}

TEST_CASE("new and old routers take the login that they know", "[ont]") {
    Server modern{RouterOptions{.users = 3}};
    Server old{RouterOptions{.login = Login::old, .users = 3, .has_empty = false}};
    for (auto const login : {RouterLogin::automatic, RouterLogin::plain}) {
        auto access = access_to(modern);
        access.login = login;
        RouterOsSession session{access, {}, in(20s)};
        CHECK(users_of(session) == 3);
    }
    for (auto const login : {RouterLogin::automatic, RouterLogin::md5}) {
        auto access = access_to(old);
        access.login = login;
        RouterOsSession session{access, {}, in(20s)};
        CHECK(users_of(session) == 3);
    }
}

TEST_CASE("a login that the router's version does not know is told apart from a wrong password", "[ont]") {
    Server modern{RouterOptions{}};
    Server old{RouterOptions{.login = Login::old}};
    auto access = access_to(old);
    access.login = RouterLogin::plain;
    auto error = error_of([&] { RouterOsSession{access, {}, in(20s)}; });
    CHECK(error.kind() == Kind::protocol);
    CHECK_THAT(error.message(), Catch::Contains("--login md5"));
    CHECK(refused_logins(old) == 0);

    // RouterOS since 6.43 hands out a challenge too and then refuses the answer: the message has to say so.
    access = access_to(modern);
    access.login = RouterLogin::md5;
    error = error_of([&] { RouterOsSession{access, {}, in(20s)}; });
    CHECK(error.kind() == Kind::permission);
    CHECK_THAT(error.message(), Catch::Contains("--login plain"));
}

TEST_CASE("a wrong password costs one login, whatever the router", "[ont]") {
    for (auto const login : {Login::modern, Login::old}) {
        Server server{RouterOptions{.login = login}};
        auto access = access_to(server);
        access.password = "wrong";
        auto const error = error_of([&] { RouterOsSession{access, {}, in(20s)}; });
        CHECK(error.kind() == Kind::permission);
        CHECK_THAT(error.message(), !Catch::Contains("wrong"));
        CHECK(refused_logins(server) == 1);
        server.with([](Router& router) { CHECK(router.logins == 0); });
    }
}

TEST_CASE("a challenge that is not hexadecimal is an error, not a crash", "[ont]") {
    Server server{RouterOptions{.login = Login::old, .fault = Fault::bad_challenge}};
    auto const error = error_of([&] { RouterOsSession{access_to(server), {}, in(20s)}; });
    CHECK(error.kind() == Kind::protocol);
    CHECK_THAT(error.message(), Catch::Contains("hexadecimal"));
}

TEST_CASE("replies split at every byte, without tags, with unknown words and empty sentences are read", "[ont]") {
    Server server{RouterOptions{.users = 40, .is_split = true, .has_odd_replies = true, .repeats_tags = false}};
    RouterOsSession session{access_to(server), {}, in(20s)};
    CHECK(users_of(session) == 40);
    CHECK(users_of(session) == 40);
}

TEST_CASE("a router without users answers with no rows, with and without !empty", "[ont]") {
    for (bool const has_empty : {true, false}) {
        Server server{RouterOptions{.users = 0, .has_empty = has_empty}};
        RouterOsSession session{access_to(server), k_short, in(20s)};
        CHECK(users_of(session) == 0);
        CHECK(users_of(session) == 0);
    }
}

TEST_CASE("50,000 rows come through one session, and only the properties that were asked for", "[ont]") {
    Server server{RouterOptions{.users = 50'000}};
    RouterOsSession session{access_to(server), {}, in(60s)};
    CHECK(users_of(session) == 50'000);
    session.print("/ip/hotspot/active", {"mac-address"}, in(60s), [&](ont::RouterReply const& row) {
        if (row.attributes.size() != 1 || !row.has("mac-address")) FAIL("another property than that was sent");
    });
}

TEST_CASE("more rows than any router has end the session", "[ont]") {
    Server server{RouterOptions{.users = 100}};
    RouterOsSession session{access_to(server), {.most_rows = 99}, in(20s)};
    CHECK(error_of([&] { users_of(session); }).kind() == Kind::protocol);
    CHECK_FALSE(session.is_open());
}

TEST_CASE("several traps are one refusal, and the session goes on", "[ont]") {
    Server server{RouterOptions{.fault = Fault::trap, .users = 2}};
    RouterOsSession session{access_to(server), k_short, in(20s)};
    auto const error = error_of([&] { users_of(session); });
    CHECK(error.kind() == Kind::data);
    CHECK_THAT(error.message(), Catch::Contains("/ip/hotspot/active/print") && Catch::Contains("first cause"));
    server.with([](Router& router) { router.set_fault(Fault::none); });
    CHECK(users_of(session) == 2);
    CHECK(error_of([&] { session.run({"/no/such/menu/print"}, in(1s), {}); }).kind() == Kind::data);
    CHECK(users_of(session) == 2);
}

TEST_CASE("what breaks a session is named, and the session is not used again", "[ont]") {
    struct Case {
        Fault fault;
        Kind kind;
        std::string text;
    };
    auto const [fault, kind, text] = GENERATE(values<Case>({
        {Fault::bad_length, Kind::protocol, "no RouterOS sends"},
        {Fault::huge_length, Kind::protocol, "1073741824 bytes"},
        {Fault::fatal, Kind::unavailable, "too many commands"},
        {Fault::cut, Kind::unavailable, "closed the connection"},
        {Fault::silent_login, Kind::unavailable, "in time"},
        {Fault::stall, Kind::unavailable, "in time"},
    }));
    Server server{RouterOptions{.fault = fault, .users = 10}};
    RouterOsSession session{access_to(server), k_short, in(20s)};
    auto const begin = std::chrono::steady_clock::now();
    auto const error = error_of([&] { users_of(session); });
    CHECK(std::chrono::steady_clock::now() - begin < 3s);
    CHECK(error.kind() == kind);
    CHECK_THAT(error.message(), Catch::Contains(text));
    // A late answer must never be taken for the answer to another question.
    server.with([](Router& router) { router.set_fault(Fault::none); });
    CHECK_FALSE(session.is_open());
    CHECK(error_of([&] { users_of(session); }).kind() == Kind::unavailable);
}

TEST_CASE("/quit is answered with !fatal and its bare reason", "[ont]") {
    Server server{RouterOptions{}};
    RouterOsSession session{access_to(server), k_short, in(20s)};
    CHECK_THAT(error_of([&] { session.run({"/quit"}, in(1s), {}); }).message(), Catch::Contains("session terminated on request"));
}

TEST_CASE("all first bytes F1 to FF are refused", "[ont]") {
    for (int byte = 0xF1; byte <= 0xFF; ++byte) {
        ont::SentenceReader reader;
        auto const fed = reader.feed(std::string(1, static_cast<char>(byte)));
        CHECK((!fed && fed.error().kind() == Kind::protocol));
    }
}

TEST_CASE("nobody at the port, and nobody who speaks, are told in time", "[ont]") {
    std::uint16_t port = 0;
    {
        Server const server{RouterOptions{}};
        port = server.port();
    }
    ont::RouterAccess access{.host = "127.0.0.1", .port = port, .tls = ont::RouterTls::off, .user = "u", .password = "p"};
    auto error = error_of([&] { RouterOsSession{access, k_short, in(20s)}; });
    CHECK(error.kind() == Kind::unavailable);
    CHECK_THAT(error.message(), Catch::Contains("/ip service print"));

    Server const plain{RouterOptions{}};
    access.port = plain.port();
    access.tls = ont::RouterTls::ca;  // the other side does not know what a ClientHello is
    auto const begin = std::chrono::steady_clock::now();
    CHECK(error_of([&] { RouterOsSession{access, k_short, in(20s)}; }).kind() == Kind::unavailable);
    CHECK(std::chrono::steady_clock::now() - begin < 3s);
}

TEST_CASE("TLS: a pin is held to, an unknown authority is not believed, no certificate needs anon", "[ont]") {
    OwnCertificate const own;
    Server server{RouterOptions{.users = 5, .certificate = own.file(), .private_key = own.key()}};
    auto access = access_to(server);
    access.tls = ont::RouterTls::pin;
    access.pin = own.pin();
    {
        RouterOsSession session{access, {}, in(20s)};
        CHECK(users_of(session) == 5);
    }
    access.pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    auto error = error_of([&] { RouterOsSession{access, {}, in(20s)}; });
    CHECK_THAT(error.message(), Catch::Contains("another key") && Catch::Contains(own.pin()));
    access.tls = ont::RouterTls::ca;
    error = error_of([&] { RouterOsSession{access, {}, in(20s)}; });
    CHECK(error.kind() == Kind::unavailable);
    CHECK_THAT(error.message(), Catch::Contains("not believed") && Catch::Contains("--pin " + own.pin()));
    server.with([](Router& router) { CHECK(router.logins == 1); });  // nobody unknown was shown a password
}

TEST_CASE("TLS without a certificate is anonymous and has to be asked for", "[ont]") {
    Server const server{RouterOptions{.users = 5, .is_anonymous = true}};
    auto access = access_to(server);
    access.tls = ont::RouterTls::anon;
    RouterOsSession session{access, {}, in(20s)};
    CHECK(users_of(session) == 5);
    access.tls = ont::RouterTls::ca;
    auto const error = error_of([&] { RouterOsSession{access, k_short, in(20s)}; });
    CHECK(error.kind() == Kind::unavailable);
    CHECK_THAT(error.message(), Catch::Contains("--tls anon"));
}

}  // namespace bioctl::test
