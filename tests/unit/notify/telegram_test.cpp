#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/notify/notification.hpp"
#include "lib/notify/telegram.hpp"
#include "tests/support/raw_server.hpp"

using namespace bioctl;
using namespace bioctl::notify;
using namespace std::chrono_literals;
using bioctl::test::RawServer;
using Catch::Contains;

namespace {

constexpr auto k_token = "123456:AAE-secret_Token";

Parcel parcel(Notification const& notification = {.title = "T", .lines = {"a"}}) {
    return {.rendered = {.content_type = "application/json", .body = to_json(notification), .form = {}},
            .idempotency_key = "k",
            .now = from_ms(1'790'000'000'000)};
}

Reply send(std::string const& base, std::chrono::seconds timeout = 5s, Parcel const& sent = parcel()) {
    auto const channel =
        make_channel({.format = Format::telegram, .url = base + "?chat_id=-1001", .secret = k_token, .timeout = timeout}, {});
    return channel->send(sent);
}

Reply answered(int status, std::string const& body, std::vector<std::string> const& headers = {}) {
    RawServer const server{[&](auto const&) { return test::reply(status, body, headers); }};
    return send(server.url());
}

std::string everything(Reply const& reply) {
    return reply.reason + "\n" + reply.body + "\n" + reply.remote_status;
}

}  // namespace

TEST_CASE("a message goes to the chat as plain text, the token in the path", "[notify]") {
    RawServer const server{[](auto const&) { return test::reply(200, R"({"ok":true,"result":{"message_id":5}})"); }};
    auto const reply = send(server.url("/"));
    CHECK(reply.verdict == Verdict::delivered);
    auto const request = server.requests().at(0);
    CHECK(request.method == "POST");
    CHECK(request.target == fmt::format("/bot{}/sendMessage", k_token));
    auto const body = nlohmann::json::parse(request.body);
    CHECK(body == nlohmann::json{{"chat_id", "-1001"}, {"text", "T\n\na"}});
}

TEST_CASE("a text is cut to what Telegram takes", "[notify]") {
    RawServer const server{[](auto const&) { return test::reply(200, R"({"ok":true})"); }};
    Notification notification{.title = "T"};
    for (int i = 0; i < 900; ++i)
        notification.lines.emplace_back("\xF0\x9F\x98\x80 ONT");
    REQUIRE(send(server.url(), 5s, parcel(notification)).verdict == Verdict::delivered);
    auto const text = nlohmann::json::parse(server.requests().at(0).body)["text"].get<std::string>();
    CHECK(utf16_length(text) <= 4096);
    CHECK_THAT(text, Contains(" more"));
}

TEST_CASE("too many requests wait as long as Telegram says", "[notify]") {
    auto const said = answered(
        429, R"({"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}})",
        {"Retry-After: 3"});
    CHECK(said.verdict == Verdict::later);
    CHECK(said.retry_after == 7s);
    CHECK(answered(429, R"({"ok":false,"error_code":429})", {"Retry-After: 9"}).retry_after == 9s);
    CHECK(answered(429, R"({"ok":false,"error_code":429,"parameters":{"retry_after":99999999999}})").retry_after == 24h);
    CHECK(answered(429, R"({"ok":false,"error_code":429,"parameters":{"retry_after":-5}})").retry_after == 0s);
    CHECK_FALSE(answered(429, R"({"ok":false,"error_code":429,"parameters":{"retry_after":"x"}})").retry_after);
}

TEST_CASE("a refusal is final, with Telegram's words", "[notify]") {
    for (auto const status : {400, 401, 403, 404}) {
        auto const reply =
            answered(status, fmt::format(R"({{"ok":false,"error_code":{},"description":"Forbidden: bot was kicked"}})", status));
        CHECK(reply.verdict == Verdict::refused);
        CHECK_THAT(reply.reason, Contains(std::to_string(status)) && Contains("bot was kicked"));
    }
    auto const moved = answered(
        400,
        R"({"ok":false,"error_code":400,"description":"group chat was upgraded","parameters":{"migrate_to_chat_id":-100987}})");
    CHECK(moved.verdict == Verdict::refused);
    CHECK_THAT(moved.reason, Contains("chat_id=-100987"));
}

TEST_CASE("what passes is tried again: 5xx, no answer, a stall, and answers that are not Telegram's", "[notify]") {
    CHECK(answered(502, R"({"ok":false,"error_code":502,"description":"Bad Gateway"})").verdict == Verdict::later);
    CHECK(answered(200, "<html>log in to the hotspot</html>").verdict == Verdict::later);
    CHECK(answered(404, "<html>not found</html>").verdict == Verdict::later);
    CHECK(answered(200, R"({"ok":"yes"})").verdict == Verdict::later);
    CHECK(answered(200, std::string(20'000, '[')).verdict == Verdict::later);
    CHECK(answered(302, "", {"Location: http://127.0.0.1:1/"}).verdict == Verdict::later);
    RawServer const stalled{[](auto const&) { return test::RawAnswer{.bytes = "", .hang = true}; }};
    auto const reply = send(stalled.url(), 1s);
    CHECK(reply.verdict == Verdict::later);
    CHECK_FALSE(reply.is_answered);
}

TEST_CASE("the token is in no message and no reply", "[notify]") {
    auto const unreachable = send("http://127.0.0.1:1");
    CHECK_THAT(unreachable.reason, Contains("127.0.0.1:1") && Contains("***"));
    CHECK_THAT(everything(unreachable), !Contains("secret_Token"));
    RawServer const echo{[](test::RawRequest const& request) {
        return test::reply(404, R"({"ok":false,"error_code":404,"description":"Not Found: )" + request.target + "\"}");
    }};
    CHECK_THAT(everything(send(echo.url())), Contains("***") && !Contains("secret_Token"));
    RawServer const page{[](test::RawRequest const& request) {
        return test::reply(502, std::string(4090 - 4, 'x') + request.target);  // the cut falls into the token
    }};
    CHECK_THAT(everything(send(page.url())), !Contains("123456:AAE") && !Contains("secret"));
    RawServer const rude{[](auto const&) { return test::RawAnswer{.bytes = "garbage\r\n\r\n", .close = true}; }};
    CHECK_THAT(everything(send(rude.url())), !Contains("secret_Token"));
}

TEST_CASE("addresses that are none, or unsafe for a token, are refused without showing it", "[notify]") {
    for (auto const* url :
         {"https://api.telegram.org", "https://api.telegram.org?chat_id=", "https://api.telegram.org?chat_id=a b",
          "https://api.telegram.org?chat_id=1&chat_id=2", "https://api.telegram.org?chat=1", "http://api.telegram.org?chat_id=1",
          "https://api.telegram.org/bot123456:AAE-secret_Token/sendMessage?chat_id=1",
          "https://api.telegram.org?chat_id=123456:AAE-secret_Token", "https://api.telegram.org?chat_id=%0A1",
          "ftp://x?chat_id=1", ""}) {
        INFO(url);
        auto const address = parse_telegram(url);
        REQUIRE_FALSE(address);
        CHECK(address.error().kind() == Kind::usage);
        CHECK_THAT(address.error().message(), !Contains("secret_Token"));
    }
    CHECK(parse_telegram("https://api.telegram.org/?chat_id=-100123")->base == "https://api.telegram.org");
    CHECK(parse_telegram("https://api.telegram.org?chat_id=@ops_channel")->chat_id == "@ops_channel");
    for (auto const* token : {"", "abc", "123456:", ":AAE", "123456:AAE/../x", "123456:AA\nE"})
        CHECK_FALSE(check_channel({.format = Format::telegram, .url = "https://api.telegram.org?chat_id=1", .secret = token}));
}

TEST_CASE("one message a second to a chat, twenty a minute to a group, over all targets of that chat", "[notify]") {
    auto const person = telegram_pace("https://api.telegram.org?chat_id=77").value();
    auto const group = telegram_pace("https://api.telegram.org?chat_id=-77").value();
    CHECK(person.most == 0);
    CHECK(group.key == telegram_pace("https://api.telegram.org/?chat_id=-77")->key);
    CHECK(group.key != person.key);
    Pacer pacer;
    auto now = from_ms(1'790'000'000'000);
    CHECK(pacer.reserve(person, now) == 0ms);
    CHECK(pacer.reserve(group, now) == 0ms);
    CHECK(pacer.reserve(person, now + 400ms) >= 600ms);
    CHECK(pacer.reserve(person, now + 1100ms) == 0ms);
    int sent = 1;
    for (auto const end = now + 60s; now < end; now += 100ms)
        sent += pacer.reserve(group, now) == 0ms ? 1 : 0;
    CHECK(sent == 20);
}

TEST_CASE("what went out in an earlier run counts, and a clock that was set back does not silence", "[notify]") {
    auto const rules = telegram_pace("https://api.telegram.org?chat_id=-77").value();
    auto const now = from_ms(1'790'000'000'000);
    std::vector<Timestamp> earlier;
    for (int i = 0; i < 20; ++i)
        earlier.push_back(now - std::chrono::seconds{50 - i});
    Pacer pacer;
    pacer.remember(rules, earlier);
    pacer.remember(rules, earlier);
    CHECK(pacer.reserve(rules, now) == 11s);
    CHECK(pacer.reserve(rules, now - 24h) == 0ms);
}
