#include <catch2/catch.hpp>

#include <chrono>
#include <set>
#include <string>

#include "lib/net/exchange.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/tls_server.hpp"

using namespace bioctl;
using namespace bioctl::net;
using namespace bioctl::test;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

Login const k_login{"admin", "secret"};

/// Challenges every unsigned request with a nonce of its own and answers every signed one.
class Peer {
public:
    explicit Peer(RawServer::Handler answer_signed, RawAnswer (*unsigned_answer)(std::string const&) = &first_challenge)
        : m_server([this, answer_signed = std::move(answer_signed), unsigned_answer](RawRequest const& request) {
              return request.is_signed() ? answer_signed(request) : unsigned_answer("nonce-" + std::to_string(++m_nonces));
          }) {}

    [[nodiscard]] RawServer& server() { return m_server; }
    [[nodiscard]] static RawAnswer first_challenge(std::string const& nonce) { return challenge(nonce); }

private:
    int m_nonces = 0;
    RawServer m_server;
};

RawAnswer answer_ok(RawRequest const&) {
    return reply(200, "welcome");
}

Session session_with_login(NonceUse use = NonceUse::once) {
    Session session{{}, {}};
    session.set_login(k_login, use);
    return session;
}

Result<Answer> get(RawServer const& server, Request request = {}) {
    request.url = server.url("/x");
    return Session{{}, {}}.exchange(request);
}

Error failure_of(RawAnswer const& answer, Request const& request = {}) {
    RawServer const server{[&](RawRequest const&) { return answer; }};
    auto const got = get(server, request);
    REQUIRE_FALSE(got);
    return got.error();
}

}  // namespace

TEST_CASE("a peer that is not there is unavailable, an unknown name has no host, a bad URL is usage", "[net]") {
    std::string gone;
    {
        RawServer const server{&answer_ok};
        gone = server.url("/x");
    }
    Session session{{}, {}};
    CHECK(session.exchange({.url = gone}).error().kind() == Kind::unavailable);
    CHECK(session.exchange({.url = "http://no-such-host.invalid/x"}).error().kind() == Kind::no_host);
    for (auto const* url : {"", "/x", "ftp://192.0.2.1/x", "http://user:word@192.0.2.1/", "http:///x", "http://192.0.2.1/a b"})
        CHECK(session.exchange({.url = url}).error().kind() == Kind::usage);
    CHECK_THAT(session.exchange({.url = gone}).error().message(), Contains(gone) && Contains("port"));
}

TEST_CASE("a header that would smuggle in another one is refused before anything is sent", "[net]") {
    RawServer const server{&answer_ok};
    CHECK(get(server, {.headers = {"A: 1\r\nB: 2"}}).error().kind() == Kind::usage);
    CHECK(get(server, {.content_type = "text/plain\nB: 2"}).error().kind() == Kind::usage);
    CHECK(server.requests().empty());
}

TEST_CASE("what is not HTTP is a protocol error", "[net]") {
    CHECK(failure_of({.bytes = "\x01\x02SSH-2.0 garbage\r\n\r\n", .close = true}).kind() == Kind::protocol);
    CHECK(failure_of({.bytes = "HTTP/1.1 banana\r\n\r\n", .close = true}).kind() == Kind::protocol);
    CHECK(failure_of({.bytes = "HTTP/1.1 200 OK\r\n" + std::string(200'000, 'h'), .hang = true}).kind() == Kind::protocol);
    std::string many = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 20'000; ++i)
        many += "X: y\r\n";
    CHECK(failure_of({.bytes = many, .hang = true}).kind() == Kind::protocol);
}

TEST_CASE("a connection that ends too early or damages its bytes is unavailable", "[net]") {
    CHECK(failure_of({.bytes = "", .close = true}).kind() == Kind::unavailable);
    CHECK(failure_of({.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", .close = true}).kind() ==
          Kind::unavailable);
    CHECK(failure_of({.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno", .close = true}).kind() ==
          Kind::unavailable);
}

TEST_CASE("more bytes than allowed are data, however they come", "[net]") {
    Request const small{.max_answer_bytes = 1000};
    CHECK(failure_of(reply(200, std::string(1001, 'x')), small).kind() == Kind::data);
    CHECK(failure_of({.bytes = "HTTP/1.1 200 OK\r\n\r\n" + std::string(5000, 'x'), .hang = true}, small).kind() == Kind::data);
    auto chunks = std::string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"};
    for (int i = 0; i < 30; ++i)
        chunks += "40\r\n" + std::string(64, 'c') + "\r\n";
    CHECK(failure_of({.bytes = chunks, .hang = true}, small).kind() == Kind::data);
}

TEST_CASE("exactly as many bytes as allowed are an answer", "[net]") {
    RawServer const server{[](RawRequest const&) { return reply(200, std::string(1000, 'x')); }};
    CHECK(get(server, {.max_answer_bytes = 1000})->body.size() == 1000);
}

TEST_CASE("an answer that may be cut is one, whatever its length, and the next request finds its way", "[net]") {
    RawServer const server{[](RawRequest const& request) {
        return request.target == "/long" ? reply(202, std::string(3'000'000, 'x')) : reply(200, "short");
    }};
    Session session{{}, {}};
    for (int i = 0; i < 2; ++i) {
        auto const cut = session.exchange({.url = server.url("/long"), .max_answer_bytes = 1000, .is_answer_cut = true});
        REQUIRE(cut);
        CHECK(cut->status == 202);
        CHECK(cut->body == std::string(1000, 'x'));
        CHECK(session.exchange({.url = server.url("/"), .is_answer_cut = true})->body == "short");
    }
}

TEST_CASE("a stalled or dripping peer is busy when the time is up", "[net]") {
    Request const hasty{.timeout = 300ms};
    auto const began = std::chrono::steady_clock::now();
    CHECK(failure_of({.bytes = "", .hang = true}, hasty).kind() == Kind::busy);
    CHECK(failure_of({.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", .hang = true}, hasty).kind() == Kind::busy);
    auto drip = reply(200, std::string(1000, 'x'));
    drip.pause_before_each_byte = 5ms;
    CHECK(failure_of(drip, hasty).kind() == Kind::busy);
    CHECK(std::chrono::steady_clock::now() - began < 5s);
}

TEST_CASE("every status is an answer and no redirect is followed", "[net]") {
    for (int const status : {200, 204, 302, 401, 404, 500, 503}) {
        RawServer const server{[&](RawRequest const&) { return reply(status, status == 204 ? "" : "said", {"Location: /y"}); }};
        auto const answer = get(server);
        REQUIRE(answer);
        CHECK(answer->status == status);
        CHECK_FALSE(answer->is_login_refused);
        CHECK(server.requests().size() == 1);
    }
}

TEST_CASE("an answer in chunks is put together, and its headers are found in lower case", "[net]") {
    RawServer const server{[](RawRequest const&) {
        return RawAnswer{.bytes =
                             "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nRetry-After:  7 \r\n"
                             "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"};
    }};
    auto const answer = get(server);
    REQUIRE(answer);
    CHECK(answer->body == "abcde");
    CHECK(answer->header("retry-after") == "7");
    CHECK(answer->header("x-early").empty());
}

TEST_CASE("a body, its type and the headers arrive as given, for each method", "[net]") {
    RawServer const server{&answer_ok};
    Session session{{}, {}};
    for (auto const method : {Method::post, Method::put, Method::remove})
        REQUIRE(session.exchange({method, server.url("/x"), {"X-Key: 1"}, "application/json", std::string{"{\0}", 3}}));
    REQUIRE(session.exchange({.url = server.url("/../%41/pic.jpg@WEB1?a=b&c=%20")}));
    auto const requests = server.requests();
    CHECK(requests[0].method + requests[1].method + requests[2].method + requests[3].method == "POSTPUTDELETEGET");
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(requests[i].body == std::string("{\0}", 3));
        CHECK(requests[i].header("content-type") == "application/json");
        CHECK(requests[i].header("x-key") == "1");
    }
    CHECK(requests[3].target == "/../%41/pic.jpg@WEB1?a=b&c=%20");
    CHECK(requests[3].header("content-type").empty());
    CHECK(requests[3].header("x-key").empty());
    CHECK(server.connections() == 1);
}

TEST_CASE("a form keeps the order of its parts", "[net]") {
    RawServer const server{&answer_ok};
    auto const jpeg = std::string{"\xFF\xD8\0\xFF\xD9", 5};
    REQUIRE(get(server, {.method = Method::post,
                         .form = {{.name = "FaceDataRecord", .content_type = "application/json", .content = "{}"},
                                  {.name = "img", .file_name = "face.jpg", .content_type = "image/jpeg", .content = jpeg}}}));
    auto const request = server.requests().at(0);
    CHECK_THAT(request.header("content-type"), Contains("multipart/form-data; boundary="));
    CHECK_THAT(request.body, Contains("name=\"FaceDataRecord\"\r\nContent-Type: application/json\r\n\r\n{}\r\n"));
    CHECK_THAT(request.body, Contains("name=\"img\"; filename=\"face.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n" + jpeg));
    CHECK(request.body.find("FaceDataRecord") < request.body.find("face.jpg"));
}

TEST_CASE("the first leg of a login shows neither credentials nor body; the second is signed for the target as sent", "[net]") {
    Peer peer{&answer_ok};
    auto session = session_with_login();
    auto const target = std::string{"/LOCALS/pic/01_30075_0.jpeg@WEB000000000011?format=json"};
    auto const answer = session.exchange(
        {.method = Method::post, .url = peer.server().url(target), .content_type = "application/json", .body = "{}"});
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->body == "welcome");
    auto const requests = peer.server().requests();
    REQUIRE(requests.size() == 2);
    CHECK_FALSE(requests[0].is_signed());
    CHECK(requests[0].body.empty());
    CHECK(requests[1].body == "{}");
    CHECK_THAT(requests[1].header("authorization"), Catch::StartsWith("Digest "));
    CHECK(requests[1].login_parameter("uri") == target);
    CHECK(requests[1].login_parameter("realm") == "DS-6E392E44");
    CHECK(requests[1].login_parameter("nc") == "00000001");
    CHECK(requests[1].login_parameter("opaque") == "");
    CHECK(requests[1].login_parameter("algorithm") == "(none)");
}

TEST_CASE("a nonce that is used once is never seen again, over one connection", "[net]") {
    Peer peer{&answer_ok};
    auto session = session_with_login();
    for (int i = 0; i < 3; ++i)
        REQUIRE(session.exchange({.url = peer.server().url("/x")})->status == 200);
    std::set<std::string> nonces;
    for (auto const& request : peer.server().requests()) {
        if (!request.is_signed()) continue;
        nonces.insert(request.login_parameter("nonce"));
        CHECK(request.login_parameter("nc") == "00000001");
    }
    CHECK(nonces == std::set<std::string>{"nonce-1", "nonce-2", "nonce-3"});
    CHECK(peer.server().requests().size() == 6);
    CHECK(peer.server().connections() == 1);
}

TEST_CASE("a nonce that is reused saves the first leg and counts up", "[net]") {
    Peer peer{&answer_ok};
    auto session = session_with_login(NonceUse::reused);
    for (int i = 0; i < 3; ++i)
        REQUIRE(session.exchange({.method = Method::post, .url = peer.server().url("/x"), .body = "b"})->status == 200);
    auto const requests = peer.server().requests();
    REQUIRE(requests.size() == 4);
    CHECK(requests[3].login_parameter("nonce") == "nonce-1");
    CHECK(requests[3].login_parameter("nc") == "00000003");
    CHECK(requests[3].body == "b");
}

TEST_CASE("a reused nonce that is refused is reported, and the next request asks for a challenge", "[net]") {
    Peer peer{[](RawRequest const& request) {
        bool const is_used_up = request.login_parameter("nc") == "00000003";
        return is_used_up ? challenge("unused") : reply(200, "welcome");
    }};
    auto session = session_with_login(NonceUse::reused);
    Request const request{.url = peer.server().url("/x")};
    REQUIRE(session.exchange(request)->status == 200);
    REQUIRE(session.exchange(request)->status == 200);
    CHECK(session.exchange(request)->is_login_refused);
    CHECK(peer.server().signed_requests() == 3);
    CHECK(session.exchange(request)->status == 200);
    CHECK(peer.server().requests().back().login_parameter("nonce") == "nonce-2");
}

TEST_CASE("a wrong password is sent once for each request and reported", "[net]") {
    for (auto const use : {NonceUse::once, NonceUse::reused}) {
        Peer peer{[](RawRequest const&) { return challenge("another", "FALSE", "<userCheck/>"); }};
        auto session = session_with_login(use);
        auto const answer = session.exchange({.method = Method::put, .url = peer.server().url("/x"), .body = "b"});
        REQUIRE(answer);
        CHECK(answer->status == 401);
        CHECK(answer->is_login_refused);
        CHECK(answer->body == "<userCheck/>");
        CHECK(peer.server().signed_requests() == 1);
    }
}

TEST_CASE("a stale nonce is signed again once and is no wrong password", "[net]") {
    for (auto const* stale : {"true", "TRUE"}) {
        Peer peer{[&](RawRequest const& request) {
            bool const is_stale = request.login_parameter("nonce") == "nonce-1";
            return is_stale ? challenge("fresh", stale) : reply(200, "welcome");
        }};
        auto session = session_with_login();
        auto const answer = session.exchange({.method = Method::post, .url = peer.server().url("/x"), .body = "b"});
        REQUIRE(answer);
        CHECK(answer->status == 200);
        CHECK(peer.server().requests().size() == 3);
        CHECK(peer.server().requests().back().body == "b");
    }
}

TEST_CASE("a reused nonce that went stale is replaced in one more leg", "[net]") {
    Peer peer{[](RawRequest const& request) {
        bool const is_stale = request.login_parameter("nc") == "00000002" && request.login_parameter("nonce") == "nonce-1";
        return is_stale ? challenge("fresh", "true") : reply(200, "welcome");
    }};
    auto session = session_with_login(NonceUse::reused);
    for (int i = 0; i < 3; ++i)
        REQUIRE(session.exchange({.url = peer.server().url("/x")})->status == 200);
    CHECK(peer.server().requests().back().login_parameter("nonce") == "fresh");
    CHECK(peer.server().requests().size() == 5);
}

TEST_CASE("a peer that calls every nonce stale is left after two signed tries", "[net]") {
    for (auto const use : {NonceUse::once, NonceUse::reused}) {
        Peer peer{[](RawRequest const&) { return challenge("yet-another", "true"); }};
        auto session = session_with_login(use);
        auto const answer = session.exchange({.url = peer.server().url("/x")});
        REQUIRE_FALSE(answer);
        CHECK(answer.error().kind() == Kind::protocol);
        CHECK_THAT(answer.error().message(), Contains("stale"));
        CHECK(peer.server().signed_requests() == 2);
    }
}

TEST_CASE("a 401 that asks for Basic, or for nothing, shows no credentials and is no refused login", "[net]") {
    for (auto const* scheme : {"Basic realm=\"digest/basic\"", "NTLM", ""}) {
        RawServer const server{[&](RawRequest const&) { return reply(401, "", {std::string{"WWW-Authenticate: "} + scheme}); }};
        auto session = session_with_login();
        auto const answer = session.exchange({.url = server.url("/x")});
        REQUIRE(answer);
        CHECK(answer->status == 401);
        CHECK_FALSE(answer->is_login_refused);
        CHECK(server.signed_requests() == 0);
    }
}

TEST_CASE("a login goes through when the peer closes after its challenge, announced or not", "[net]") {
    auto const announced = [](std::string const& nonce) {
        auto answer = challenge(nonce);
        answer.bytes.insert(answer.bytes.find("\r\n") + 2, "Connection: close\r\n");
        answer.close = true;
        return answer;
    };
    auto const silent = [](std::string const& nonce) {
        auto answer = challenge(nonce);
        answer.close = true;
        return answer;
    };
    using Challenge = RawAnswer (*)(std::string const&);
    for (Challenge const first : {static_cast<Challenge>(announced), static_cast<Challenge>(silent)}) {
        Peer peer{&answer_ok, first};
        auto session = session_with_login();
        for (int i = 0; i < 2; ++i) {
            auto const answer = session.exchange({.method = Method::post, .url = peer.server().url("/x"), .body = "b"});
            REQUIRE(answer);
            CHECK(answer->status == 200);
            CHECK(peer.server().requests().back().body == "b");
        }
        CHECK(peer.server().signed_requests() == 2);
    }
}

TEST_CASE("a peer that wants no login gets the body all the same", "[net]") {
    RawServer const server{&answer_ok};
    auto session = session_with_login();
    REQUIRE(session.exchange({.method = Method::post, .url = server.url("/x"), .body = "b"})->status == 200);
    CHECK(server.requests().back().body == "b");
    CHECK(server.signed_requests() == 0);
}

TEST_CASE("starting afresh opens a new connection and asks for a new challenge", "[net]") {
    Peer peer{&answer_ok};
    auto session = session_with_login(NonceUse::reused);
    REQUIRE(session.exchange({.url = peer.server().url("/x")}));
    session.start_afresh();
    REQUIRE(session.exchange({.url = peer.server().url("/x")}));
    CHECK(peer.server().connections() == 2);
    CHECK(peer.server().requests().back().login_parameter("nonce") == "nonce-2");
}

TEST_CASE("a device that signs its own certificate is talked to by its pin or not at all, unless nobody cares", "[net]") {
    TlsServer const device;
    Request const request{.url = device.url()};
    auto const with = [&](Tls const& tls) { return Session{{}, tls}.exchange(request); };

    auto const unknown = with({});
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().kind() == Kind::unavailable);
    CHECK_THAT(unknown.error().message(), Contains("pin"));
    auto const other = with({TlsTrust::pin, "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="});
    REQUIRE_FALSE(other);
    CHECK(other.error().kind() == Kind::unavailable);
    for (auto const* no_pin : {"", "key.pem", "AAAA"})
        CHECK(with({TlsTrust::pin, no_pin}).error().kind() == Kind::usage);

    CHECK(with({TlsTrust::pin, device.pin()})->status == 200);
    CHECK(with({TlsTrust::none})->status == 200);
}
