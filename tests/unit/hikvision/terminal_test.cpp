#include <catch2/catch.hpp>

#include <atomic>
#include <string>

#include "lib/hikvision/roster.hpp"
#include "lib/hikvision/terminal.hpp"
#include "tests/support/raw_server.hpp"

using namespace bioctl;
using namespace bioctl::hikvision;
using namespace bioctl::test;
using namespace std::chrono_literals;
using Catch::Contains;
using What = Trouble::What;

namespace {

/// A device that challenges every unsigned request and lets the test answer the signed ones.
class Device {
public:
    explicit Device(RawServer::Handler answer_signed, std::string const& challenge_body = "")
        : m_server([this, answer_signed = std::move(answer_signed), challenge_body](RawRequest const& request) {
              return request.is_signed() ? answer_signed(request)
                                         : challenge("nonce-" + std::to_string(++m_nonces), "false", challenge_body);
          }) {}

    [[nodiscard]] RawServer& server() { return m_server; }
    [[nodiscard]] Terminal terminal(net::NonceUse use = net::NonceUse::once) const {
        return Terminal{{.base_url = m_server.url() + "/", .login = {"admin", "secret"}, .nonce_use = use, .timeout = 5s}};
    }

private:
    int m_nonces = 0;
    RawServer m_server;
};

auto const k_device_info =
    "<DeviceInfo><deviceName>gate</deviceName><model>DS-K1T341AM</model><serialNumber>DS-1</serialNumber>"
    "<macAddress>c0:56:e3:aa:bb:cc</macAddress><firmwareVersion>V3.2.30</firmwareVersion></DeviceInfo>";
auto const k_jpeg = std::string{"\xFF\xD8\xFF\xE0 picture \xFF\xD9"};

RawAnswer info(RawRequest const&) {
    return reply(200, k_device_info, {"Content-Type: application/json"});
}

RawAnswer refuse_login(std::string const& inner = "") {
    return challenge(
        "again", "false",
        "<userCheck><statusValue>401</statusValue><statusString>Unauthorized</statusString>" + inner + "</userCheck>");
}

Trouble trouble_of_picture(RawAnswer const& answer, std::uint64_t max_bytes = 1'000'000) {
    Device device{[&](RawRequest const&) { return answer; }};
    auto terminal = device.terminal();
    auto const picture = terminal.picture("/LOCALS/pic/a.jpeg@WEB1", max_bytes);
    REQUIRE_FALSE(picture);
    return picture.error();
}

}  // namespace

TEST_CASE("a device that is off is unreachable, and the trouble names its address", "[hikvision]") {
    std::string gone;
    {
        RawServer const server{&info};
        gone = server.url();
    }
    Terminal terminal{{.base_url = gone, .login = {"admin", "secret"}, .timeout = 5s}};
    auto const got = terminal.device_info();
    REQUIRE_FALSE(got);
    CHECK(got.error().what == What::unreachable);
    CHECK_THAT(got.error().error.message(), Contains(gone));
    CHECK(terminal.probe().error().what == What::unreachable);
}

TEST_CASE("a wrong password is sent once; later calls fail without sending anything", "[hikvision]") {
    Device device{
        [](RawRequest const&) { return refuse_login("<lockStatus>unlock</lockStatus><retryLoginTime>4</retryLoginTime>"); }};
    auto terminal = device.terminal();
    auto const first = terminal.device_info();
    REQUIRE_FALSE(first);
    CHECK(first.error().what == What::refused);
    CHECK(first.error().status.refusal == Refusal::wrong_login);
    CHECK(first.error().status.tries_left == 4);
    CHECK(first.error().error.kind() == Kind::permission);
    CHECK_THAT(first.error().error.message(), Contains("wrong user or password") && Contains("4 tries left"));
    auto const seen = device.server().requests().size();
    CHECK(terminal.time().error().status.refusal == Refusal::wrong_login);
    CHECK(terminal.picture("/a.jpg", 1000).error().status.refusal == Refusal::wrong_login);
    CHECK(terminal.search({}).error().status.refusal == Refusal::wrong_login);
    CHECK(device.server().requests().size() == seen);
    CHECK(device.server().signed_requests() == 1);
}

TEST_CASE("a locked terminal is left alone, also when the login had worked before", "[hikvision]") {
    std::atomic<int> signed_requests{0};
    Device device{[&](RawRequest const& request) {
        bool const works = ++signed_requests == 1;
        return works ? info(request) : refuse_login("<lockStatus>lock</lockStatus><unlockTime>111</unlockTime>");
    }};
    auto terminal = device.terminal();
    REQUIRE(terminal.device_info());
    auto const got = terminal.device_info();
    REQUIRE_FALSE(got);
    CHECK(got.error().status.refusal == Refusal::locked);
    CHECK(got.error().status.unlock_after == 111s);
    CHECK_THAT(got.error().error.message(), Contains("111 s"));
    CHECK(device.server().signed_requests() == 2);
}

TEST_CASE("a lone refusal after a login that worked is tried once more, over a new connection", "[hikvision]") {
    std::atomic<int> signed_requests{0};
    Device device{[&](RawRequest const& request) { return ++signed_requests == 2 ? refuse_login() : info(request); }};
    auto terminal = device.terminal();
    for (int i = 0; i < 3; ++i)
        CHECK(terminal.device_info());
    CHECK(device.server().signed_requests() == 4);
    CHECK(device.server().connections() == 2);
}

TEST_CASE("a password that changes under way costs two logins, one when few tries are left", "[hikvision]") {
    for (auto const& [tries, expected] : {std::pair{"4", 3}, std::pair{"2", 2}, std::pair{"1", 2}}) {
        std::atomic<int> signed_requests{0};
        Device device{[&, left = std::string{tries}](RawRequest const& request) {
            return ++signed_requests == 1 ? info(request) : refuse_login("<retryLoginTime>" + left + "</retryLoginTime>");
        }};
        auto terminal = device.terminal();
        REQUIRE(terminal.device_info());
        CHECK_FALSE(terminal.device_info());
        CHECK_FALSE(terminal.device_info());
        CHECK(device.server().signed_requests() == expected);
    }
}

TEST_CASE("firmware that takes a nonce twice is understood, and from then on asked for a new one each time", "[hikvision]") {
    Device device{
        [](RawRequest const& request) { return request.login_parameter("nc") == "00000003" ? refuse_login() : info(request); }};
    auto terminal = device.terminal(net::NonceUse::reused);
    for (int i = 0; i < 8; ++i)
        CHECK(terminal.device_info());
    CHECK(device.server().signed_requests() == 9);
}

TEST_CASE("a terminal that wants Basic gets no password and no further request", "[hikvision]") {
    RawServer const server{[](RawRequest const&) { return reply(401, "", {"WWW-Authenticate: Basic realm=\"x\""}); }};
    Terminal terminal{{.base_url = server.url(), .login = {"admin", "secret"}, .timeout = 5s}};
    auto const got = terminal.device_info();
    REQUIRE_FALSE(got);
    CHECK(got.error().status.refusal == Refusal::no_permission);
    CHECK_THAT(got.error().error.message(), Contains("digest"));
    CHECK_FALSE(terminal.time());
    CHECK(server.requests().size() == 1);
    CHECK(server.signed_requests() == 0);
}

TEST_CASE("a refusal says what the device said, and the next call is made", "[hikvision]") {
    Device device{[](RawRequest const& request) {
        return request.method == "POST"
                   ? reply(
                         400,
                         R"({"statusCode":6,"subStatusCode":"MessageParametersLack","errorCode":1610612761,"errorMsg":"major"})")
                   : info(request);
    }};
    auto terminal = device.terminal();
    auto const got = terminal.search({.search_id = "a"});
    REQUIRE_FALSE(got);
    CHECK(got.error().what == What::refused);
    CHECK(got.error().status.refusal == Refusal::bad_request);
    CHECK_THAT(got.error().error.message(), Contains("AcsEvent") && Contains("MessageParametersLack, major"));
    CHECK(terminal.device_info());
}

TEST_CASE("an answer that cannot be read is nonsense, not a device that is off", "[hikvision]") {
    auto const what_of = [](RawAnswer const& answer) {
        Device device{[&](RawRequest const&) { return answer; }};
        auto terminal = device.terminal();
        return terminal.device_info().error().what;
    };
    CHECK(what_of(reply(200, "<html>Document Error</html>")) == What::nonsense);
    CHECK(what_of(reply(200, "")) == What::nonsense);
    CHECK(what_of({.bytes = "\x16\x03\x01 not HTTP\r\n\r\n", .close = true}) == What::nonsense);
    CHECK(what_of(reply(200, std::string(20'000'000, ' '))) == What::nonsense);
    CHECK(what_of({.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", .close = true}) == What::unreachable);
}

TEST_CASE("a path that would become part of the host name is never sent", "[hikvision]") {
    Device device{&info};
    auto terminal = device.terminal();
    CHECK(terminal.picture("@192.0.2.66/a.jpg", 1000).error().what == What::nonsense);
    CHECK(terminal.picture("", 1000).error().what == What::nonsense);
    CHECK(device.server().requests().empty());
}

TEST_CASE("a picture that is not there is gone; one that is broken may be tried again", "[hikvision]") {
    auto const gone = trouble_of_picture(reply(404, "<html>Can't locate document: /LOCALS/pic/a.jpeg</html>"));
    CHECK(gone.what == What::refused);
    CHECK(gone.status.refusal == Refusal::not_there);
    CHECK(trouble_of_picture(reply(200, "")).what == What::nonsense);
    CHECK(trouble_of_picture(reply(200, "<html>busy</html>")).what == What::nonsense);
    CHECK_THAT(trouble_of_picture(reply(200, k_jpeg.substr(0, 10))).error.message(), Contains("cut off"));
    CHECK(trouble_of_picture(reply(200, k_jpeg), 5).what == What::nonsense);
    CHECK(trouble_of_picture(reply(503, "")).status.refusal == Refusal::busy);
    CHECK(trouble_of_picture(refuse_login()).status.refusal == Refusal::wrong_login);
}

TEST_CASE("a picture arrives byte for byte, asked for by the path as it is", "[hikvision]") {
    auto const padded = k_jpeg + std::string(6, '\0');
    Device device{[&](RawRequest const& request) { return reply(200, request.target.ends_with("2") ? padded : k_jpeg); }};
    auto terminal = device.terminal();
    CHECK(as_text(terminal.picture("/LOCALS/pic/a.jpeg@WEB1", 1000).value()) == k_jpeg);
    CHECK(as_text(terminal.picture("/LOCALS/pic/a.jpeg@WEB2", 1000).value()) == padded);
    CHECK(device.server().requests().front().target == "/LOCALS/pic/a.jpeg@WEB1");
}

TEST_CASE("a probe shows no credentials; every answer of HTTP means that the device is there", "[hikvision]") {
    for (int const status : {200, 401, 404, 503}) {
        RawServer const server{[&](RawRequest const&) { return reply(status, ""); }};
        Terminal terminal{{.base_url = server.url(), .login = {"admin", "secret"}, .timeout = 5s}};
        CHECK(terminal.probe());
        CHECK(server.signed_requests() == 0);
    }
    Device device{&info};
    auto terminal = device.terminal();
    CHECK(terminal.probe());
    CHECK(device.server().signed_requests() == 0);
}

TEST_CASE("a probe of a terminal that says it is locked reports the lock", "[hikvision]") {
    Device device{&info, "<userCheck><lockStatus>locked</lockStatus><unlockTime>60</unlockTime></userCheck>"};
    auto terminal = device.terminal();
    auto const got = terminal.probe();
    REQUIRE_FALSE(got);
    CHECK(got.error().status.refusal == Refusal::locked);
    CHECK(got.error().status.unlock_after == 60s);
}

TEST_CASE("each document is asked for where terminals keep it", "[hikvision]") {
    Device device{[](RawRequest const& request) {
        if (request.target == "/ISAPI/System/deviceInfo") return info(request);
        if (request.target == "/ISAPI/System/time")
            return reply(200, "<Time><localTime>2026-07-01T08:10:11+08:00</localTime></Time>");
        if (request.target == "/ISAPI/Security/illegalLoginLock")
            return reply(200, "<IllegalLoginLock><enabled>true</enabled></IllegalLoginLock>");
        if (request.target == "/ISAPI/AccessControl/AcsCfg?format=json") return reply(200, R"({"AcsCfg":{"saveCapPic":true}})");
        if (request.target == "/ISAPI/AccessControl/AcsEvent/capabilities?format=json")
            return reply(200, R"({"AcsEvent":{"AcsEventCond":{"maxResults":{"@max":10}}}})");
        return reply(200, R"({"AcsEvent":{"responseStatusStrg":"NO MATCH"}})");
    }};
    auto terminal = device.terminal();
    CHECK(terminal.device_info()->serial_number == "DS-1");
    CHECK(terminal.time()->utc_offset == 480min);
    CHECK(terminal.lock_policy()->enabled);
    CHECK(terminal.picture_settings()->save_capture == true);
    CHECK(terminal.search_limits()->max_results == 10);
    CHECK(terminal.search({.search_id = "a"})->status == PageStatus::no_match);
    auto const search = device.server().requests().back();
    CHECK(search.target == "/ISAPI/AccessControl/AcsEvent?format=json");
    CHECK(search.header("content-type") == "application/json");
    CHECK(search.body == to_json({.search_id = "a"}));
    CHECK(terminal.requests() == 6);
    CHECK(terminal.waited() > 0ns);
    CHECK(device.server().connections() == 1);
}

TEST_CASE("any other call gives its answer when the device says yes", "[hikvision]") {
    Device device{[](RawRequest const& request) {
        auto const says_no = request.body.find("0043") != std::string::npos;
        return reply(says_no ? 400 : 200, says_no ? R"({"statusCode":4,"subStatusCode":"deviceUserAlreadyExistFace"})"
                                                  : R"({"statusCode":1,"subStatusCode":"ok"})");
    }};
    auto terminal = device.terminal();
    CHECK(terminal.call(net::Method::put, "/ISAPI/AccessControl/UserInfo/SetUp?format=json", "{}", "application/json"));
    CHECK(terminal.call_form(net::Method::post, "/ISAPI/Intelligent/FDLib/FaceDataRecord", {{.name = "a", .content = "0042"}}));
    auto const no =
        terminal.call_form(net::Method::post, "/ISAPI/Intelligent/FDLib/FaceDataRecord", {{.name = "a", .content = "0043"}});
    REQUIRE_FALSE(no);
    CHECK(no.error().status.refusal == Refusal::already_there);
}

TEST_CASE("a list of people that has no end is given up", "[hikvision]") {
    constexpr int k_on_a_page = 20'000;
    std::string nobody = "{}";
    for (int i = 1; i < k_on_a_page; ++i)
        nobody += ",{}";
    Device device{[&](RawRequest const&) {
        return reply(200, R"({"UserInfoSearch":{"responseStatusStrg":"MORE","UserInfo":[)" + nobody + "]}}");
    }};
    auto terminal = device.terminal();
    Roster roster{terminal, [](std::chrono::milliseconds) {}};
    auto const people = roster.list();
    REQUIRE_FALSE(people);
    CHECK(people.error().what == What::nonsense);
    CHECK_THAT(people.error().error.message(), Contains("more people than a terminal holds"));
    CHECK(terminal.requests() < 15);
}
