#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "lib/base/bytes.hpp"
#include "lib/base/text.hpp"
#include "lib/notify/mail.hpp"
#include "lib/notify/mail_message.hpp"
#include "tests/support/smtp_sim/server.hpp"

using namespace bioctl;
using namespace bioctl::notify;
using namespace std::chrono_literals;
using Catch::Contains;
using smtp_sim::Server;
using smtp_sim::Tls;

namespace {

constexpr auto k_people = "from=bioctl@example.org&to=a@example.org&to=b@example.org";

Parcel parcel(Notification const& notification = {.title = "OLT Sleman-1 is down", .lines = {"ONT 1"}}) {
    return {.rendered = {.content_type = "application/json", .body = to_json(notification), .form = {}},
            .idempotency_key = "k1",
            .now = from_ms(1'790'000'000'000)};
}

Reply send(std::string const& url, std::string const& password = "", std::chrono::seconds timeout = 5s) {
    return make_channel({.format = Format::mail, .url = url, .secret = password, .timeout = timeout}, {})->send(parcel());
}

std::string plain_url(Server const& server, std::string const& user = "") {
    return fmt::format("smtp://{}127.0.0.1:{}?{}&tls=off", user.empty() ? "" : user + "@", server.port(), k_people);
}

std::string body_of(std::string const& message) {
    return message.substr(message.find("\r\n\r\n") + 4);
}

}  // namespace

TEST_CASE("a mail has the headers that mail wants, and its text in base64", "[notify]") {
    auto const message = mail_message({.title = "T", .lines = {"a", "b"}}, "bioctl@example.org",
                                      {"a@example.org", "b@example.org"}, "0123abcd", from_ms(1'790'000'000'000));
    CHECK(message ==
          "From: <bioctl@example.org>\r\nTo: <a@example.org>,\r\n <b@example.org>\r\nSubject: T\r\n"
          "Date: Mon, 21 Sep 2026 14:13:20 +0000\r\nMessage-ID: <0123abcd@example.org>\r\nAuto-Submitted: auto-generated\r\n"
          "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
              to_base64(as_bytes("T\r\n\r\na\r\nb\r\n")) + "\r\n");
}

TEST_CASE("no line of a mail is longer than mail allows", "[notify]") {
    Notification long_one{.title = std::string(400, 'x')};
    for (int i = 0; i < 50; ++i)
        long_one.lines.push_back(std::string(3000, 'y'));
    for (auto const& line : split(mail_message(long_one, "a@b.org", {"c@d.org"}, "k", from_ms(0)), '\n'))
        CHECK(line.size() <= 79);  // with its CR
}

TEST_CASE("subjects beyond ASCII are encoded words of whole characters", "[notify]") {
    CHECK(header_text("plain") == "plain");
    CHECK(header_text("Gerbang \xC3\xA9") == "=?UTF-8?B?R2VyYmFuZyDDqQ==?=");
    CHECK_THAT(header_text("=?UTF-8?B?x?="), Catch::StartsWith("=?UTF-8?B?PT9V"));
    std::string text;
    for (int i = 0; i < 60; ++i)
        text += "\xE2\x82\xAC";
    auto const words = split(header_text(text), '\n');
    CHECK(words.size() == 5);
    for (auto const& word : words) {
        CHECK(trim(word).size() <= 75);
        CHECK((trim(word).size() - 12) % 4 == 0);
        CHECK_THAT(std::string{trim(word)}, Contains("=?UTF-8?B?4oKs4oKs4oKs4oKs"));  // 15 characters of 3 bytes
    }
}

TEST_CASE("nothing in a title or an address begins a header of its own", "[notify]") {
    auto const message =
        mail_message({.title = "x\r\nBcc: all@example.org\r\n\r\nbody"}, "a@b.org", {"c@d.org"}, "k", from_ms(0));
    CHECK_THAT(message, Contains("Subject: x  Bcc: all@example.org    body\r\n"));
    CHECK_THAT(message, !Contains("\nBcc"));
    for (auto const* url :
         {"smtp://h?from=a@b.org%0d%0aBcc:x@y.org&to=c@d.org", "smtp://h?from=a@b.org&to=c@d.org>%0aRCPT",
          "smtp://h?from=a@b.org&to=c d@e.org", "smtp://h?from=a@b.org&to=c@d.org%3E,%3Ce@f.org", "smtp://h?from=a@b.org",
          "smtp://h?to=a@b.org", "smtp://h?from=a@b.org&to=a", "smtp://h?from=a@b.org&to=\xC3\xA9@d.org",
          "smtp://u:word@h?from=a@b.org&to=c@d.org", "smtp://?from=a@b.org&to=c@d.org", "smtp://h:99999?from=a@b.org&to=c@d.org",
          "smtp://h/x?from=a@b.org&to=c@d.org", "http://h?from=a@b.org&to=c@d.org", "smtp://u@h?from=a@b.org&to=c@d.org&tls=off",
          "smtps://h?from=a@b.org&to=c@d.org&tls=off", "smtp://h?from=a@b.org&to=c@d.org&cc=x@y.z",
          "smtp://h?from=a@b.org&from=a@b.org&to=c@d.org", "smtp://h?from=a@b.org&to=c@d.org&pin=/etc/passwd"}) {
        INFO(url);
        auto const address = parse_mail_address(url);
        REQUIRE_FALSE(address);
        CHECK(address.error().kind() == Kind::usage);
        CHECK_THAT(address.error().message(), !Contains("word@"));
    }
}

TEST_CASE("an address says how the server is reached", "[notify]") {
    auto const submission = parse_mail_address("smtp://ops%40example.org@mail.example.org?from=a@b.org&to=c@d.org").or_throw();
    CHECK(submission.server.user == "ops@example.org");
    CHECK(submission.server.host == "mail.example.org");
    CHECK(submission.server.port == 587);
    CHECK(submission.server.tls == net::MailTls::starttls);
    auto const implicit = parse_mail_address("smtps://[2001:db8::1]/?from=a@b.org&to=c@d.org").or_throw();
    CHECK(implicit.server.host == "2001:db8::1");
    CHECK(implicit.server.port == 465);
    CHECK(parse_mail_address("smtp://relay:80?from=a@b.org&to=c@d.org&tls=off")->server.port == 80);
}

TEST_CASE("a mail arrives with all its recipients", "[notify]") {
    Server const server{{}};
    auto const reply = send(plain_url(server));
    CHECK(reply.reason.empty());
    CHECK(reply.verdict == Verdict::delivered);
    CHECK(reply.http_status == 250);
    auto const mails = server.received();
    REQUIRE(mails.size() == 1);
    CHECK(mails[0].from == "bioctl@example.org");
    CHECK(mails[0].to == std::vector<std::string>{"a@example.org", "b@example.org"});
    CHECK_FALSE(mails[0].is_encrypted);
    CHECK_THAT(mails[0].data, Contains("Message-ID: <k1@example.org>\r\n"));
    CHECK(trim(body_of(mails[0].data)) == to_base64(as_bytes("OLT Sleman-1 is down\r\n\r\nONT 1\r\n")));
}

TEST_CASE("the connection is kept for the next mail", "[notify]") {
    Server const server{{}};
    auto const channel = make_channel({.format = Format::mail, .url = plain_url(server)}, {});
    CHECK(channel->send(parcel()).verdict == Verdict::delivered);
    CHECK(channel->send(parcel()).verdict == Verdict::delivered);
    auto const commands = server.commands();
    CHECK(std::count_if(commands.begin(), commands.end(), [](auto const& line) { return line.starts_with("EHLO"); }) == 1);
}

TEST_CASE("the login is sent after STARTTLS, or over TLS from the start, to the server whose key was pinned", "[notify]") {
    for (auto const tls : {Tls::starttls, Tls::implicit}) {
        Server const server{{.tls = tls, .user = "ops", .password = "w0rd"}};
        auto const url =
            fmt::format("{}://ops@127.0.0.1:{}?{}&pin=", tls == Tls::implicit ? "smtps" : "smtp", server.port(), k_people);
        auto const reply = send(url + server.pin(), "w0rd");
        CHECK(reply.reason.empty());
        CHECK(reply.verdict == Verdict::delivered);
        REQUIRE(server.received().size() == 1);
        CHECK(server.received()[0].is_encrypted);
        CHECK(server.received()[0].user == "ops");
        auto const wrong = send(url + server.pin(), "other");
        CHECK(wrong.verdict == Verdict::refused);
        CHECK(wrong.http_status == 535);
        CHECK_THAT(wrong.reason, Contains("refused the login") && !Contains("other"));
        auto const other_key = send(url + "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "w0rd");
        CHECK(other_key.verdict == Verdict::later);
        CHECK(server.received().size() == 1);
    }
}

TEST_CASE("a certificate of nobody, or no STARTTLS at all, sends nothing in the clear", "[notify]") {
    Server const own{{.tls = Tls::starttls, .user = "ops", .password = "w0rd"}};
    auto const unknown = send(fmt::format("smtp://ops@127.0.0.1:{}?{}", own.port(), k_people), "w0rd");
    CHECK(unknown.verdict == Verdict::later);
    CHECK_THAT(unknown.reason, Contains("pin"));
    CHECK(own.received().empty());
    Server const bare{{.user = "ops", .password = "w0rd"}};
    auto const none = send(fmt::format("smtp://ops@127.0.0.1:{}?{}", bare.port(), k_people), "w0rd");
    CHECK(none.verdict == Verdict::later);
    CHECK_THAT(none.reason, Contains("STARTTLS"));
    for (auto const& command : bare.commands())
        CHECK_FALSE(command.starts_with("AUTH"));
}

TEST_CASE("4xx is tried again, 5xx is final, at every step", "[notify]") {
    for (auto const* step : {"MAIL", "RCPT", "DATA", "message"}) {
        INFO(step);
        Server server{{.faults = {{step, "451 4.7.1 come back later"}}}};
        auto const later = send(plain_url(server));
        CHECK(later.verdict == Verdict::later);
        CHECK(later.http_status == 451);
        CHECK_THAT(later.reason, Contains("come back later"));
        server.set_faults({{step, "554 5.7.1 go away"}});
        auto const refused = send(plain_url(server));
        CHECK(refused.verdict == Verdict::refused);
        CHECK_THAT(refused.reason, Contains("554 5.7.1 go away"));
        CHECK(server.received().empty());
    }
}

TEST_CASE("a server that is gone, hangs up or says nothing is tried again", "[notify]") {
    CHECK(send(fmt::format("smtp://127.0.0.1:1?{}&tls=off", k_people)).verdict == Verdict::later);
    for (auto const* step : {"connect", "EHLO", "MAIL", "RCPT", "DATA", "message"}) {
        INFO(step);
        Server server{{.faults = {{step, "close"}}}};
        auto const closed = send(plain_url(server));
        CHECK(closed.verdict == Verdict::later);
        CHECK_FALSE(closed.reason.empty());
        server.set_faults({{step, "stall"}});
        auto const began = std::chrono::steady_clock::now();
        auto const stalled = send(plain_url(server), "", 1s);
        CHECK(stalled.verdict == Verdict::later);
        CHECK(std::chrono::steady_clock::now() - began < 4s);
        CHECK(server.received().empty());
    }
    Server const chatty{{.faults = {{"connect", "220 " + std::string(3'000'000, 'x')}}}};
    CHECK(send(plain_url(chatty), "", 3s).verdict == Verdict::later);
}

TEST_CASE("one recipient who is unknown does not keep the others from being told", "[notify]") {
    Server server{{.faults = {{"RCPT:b@example.org", "550 5.1.1 no such user"}}}};
    auto const reply = send(plain_url(server));
    CHECK(reply.verdict == Verdict::delivered);
    CHECK_THAT(reply.remote_status, Contains("550 5.1.1 no such user"));
    REQUIRE(server.received().size() == 1);
    CHECK(server.received()[0].to == std::vector<std::string>{"a@example.org"});
    server.set_faults({{"RCPT:b@example.org", "450 4.2.0 greylisted"}});
    CHECK(send(plain_url(server)).verdict == Verdict::later);
    CHECK(server.received().size() == 1);
}
