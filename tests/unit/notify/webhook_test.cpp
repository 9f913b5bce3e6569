#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "lib/base/seal.hpp"
#include "lib/notify/retry.hpp"
#include "lib/notify/webhook.hpp"
#include "tests/support/raw_server.hpp"

using namespace bioctl;
using namespace bioctl::notify;
using namespace std::chrono_literals;
using bioctl::test::RawServer;

namespace {

constexpr auto k_now = 1'790'000'000'000;

Reply send(std::string const& url, WebhookTarget target = {}) {
    net::Session session{{}, {}};
    target.url = url;
    target.timeout = 2s;
    return deliver(session, target, {.content_type = "application/json", .body = "{\"a\":1}", .form = {}}, "key-1", 12, 3,
                   from_ms(k_now));
}

std::string answer(int status, std::string const& headers = {}, std::string const& body = "ok") {
    return fmt::format("HTTP/1.1 {} X\r\n{}Content-Length: {}\r\n\r\n{}", status, headers, body.size(), body);
}

}  // namespace

TEST_CASE("no answer, and answers that pass, mean later; refusals are final", "[notify]") {
    CHECK(send("http://127.0.0.1:1/").verdict == Verdict::later);
    CHECK(send("http://127.0.0.1:1/").http_status == 0);
    for (auto const status : {408, 425, 429, 500, 503, 400, 401, 404, 422, 302, 200, 201, 204}) {
        INFO(status);
        RawServer const server{[&](auto const&) { return test::RawAnswer{answer(status)}; }};
        auto const reply = send(server.url("/"));
        auto const expected = status < 300                                                       ? Verdict::delivered
                              : status == 408 || status == 425 || status == 429 || status >= 500 ? Verdict::later
                                                                                                 : Verdict::refused;
        CHECK(reply.verdict == expected);
        CHECK(reply.http_status == status);
    }
}

TEST_CASE("what went wrong is told without the path, which is often the secret", "[notify]") {
    auto const reason = send("http://127.0.0.1:1/hooks/T0PSECRET?sig=HUSH").reason;
    INFO(reason);
    CHECK(reason.starts_with("http://127.0.0.1:1: "));
    CHECK(reason.find("T0PSECRET") == std::string::npos);
    CHECK(reason.find("HUSH") == std::string::npos);
}

TEST_CASE("a target that takes the request and hangs is tried again later", "[notify]") {
    RawServer const server{[](auto const&) { return test::RawAnswer{.bytes = "", .hang = true}; }};
    CHECK(send(server.url("/")).verdict == Verdict::later);
}

TEST_CASE("every try says which it is, and proves who sent it", "[notify]") {
    RawServer const server{[](auto const&) { return test::RawAnswer{answer(200)}; }};
    send(server.url("/hook"), {.url = {}, .bearer = "t0ken", .hmac_key = "secret"});
    auto const request = server.requests().at(0);
    CHECK(request.method == "POST");
    CHECK(request.body == "{\"a\":1}");
    CHECK(request.header("idempotency-key") == "key-1");
    CHECK(request.header("x-bioctl-event") == "12");
    CHECK(request.header("x-bioctl-attempt") == "3");
    CHECK(request.header("authorization") == "Bearer t0ken");
    CHECK(request.header("x-bioctl-timestamp") == "1790000000");
    CHECK(request.header("x-bioctl-signature") == "sha256=" + hmac_sha256_hex("secret", "1790000000.{\"a\":1}"));
}

TEST_CASE("Retry-After is understood as seconds and as a date, within a day", "[notify]") {
    auto const after = [](std::string const& value) {
        RawServer const server{[&](auto const&) { return test::RawAnswer{answer(503, "Retry-After: " + value + "\r\n")}; }};
        return send(server.url("/")).retry_after;
    };
    CHECK(after("120") == 120s);
    CHECK(after("Mon, 21 Sep 2026 14:14:20 GMT") == 60s);
    CHECK(after("Mon, 21 Sep 2020 14:14:20 GMT") == 0s);
    CHECK(after("999999999") == 24h);
    CHECK_FALSE(after("soon"));
}

TEST_CASE("the reply is kept in part, as valid text, and its status is read", "[notify]") {
    RawServer const server{[](auto const&) {
        return test::RawAnswer{answer(200, "", "{\"status\": \"success\", \"x\": \"" + std::string(9000, 'y') + "\"}")};
    }};
    auto const reply = send(server.url("/"));
    CHECK(reply.remote_status == "success");
    CHECK(reply.body.size() == 4096);
    RawServer const latin{[](auto const&) { return test::RawAnswer{answer(400, "", "J\xF6rg" + std::string(5000, '\xF6'))}; }};
    CHECK(send(latin.url("/")).body.size() <= 4096);
    auto const nested = std::string(400'000, '[') + std::string(400'000, ']');
    RawServer const deep{[&](auto const&) { return test::RawAnswer{answer(200, "", "{\"status\": " + nested + "}")}; }};
    CHECK(send(deep.url("/")).verdict == Verdict::delivered);
    CHECK(send(deep.url("/")).remote_status.empty());
    RawServer const wordy{
        [](auto const&) { return test::RawAnswer{answer(200, "", "{\"status\": \"" + std::string(9000, 'y') + "\"}")}; }};
    CHECK(send(wordy.url("/")).remote_status.size() == 100);
}

TEST_CASE("waits double up to the longest, spread a little, and never undercut Retry-After", "[notify]") {
    RetryRules const rules{.first = 1s, .longest = 900s, .jitter = 0.2};
    CHECK(wait_before(1, {}, rules, 0.5) == 1s);
    CHECK(wait_before(4, {}, rules, 0.5) == 8s);
    CHECK(wait_before(40, {}, rules, 0.5) == 900s);
    CHECK(wait_before(4, {}, rules, 0.0) == 6400ms);
    CHECK(wait_before(4, {}, rules, 1.0) == 9600ms);
    CHECK(wait_before(1, 30s, rules, 0.5) == 30s);
}
