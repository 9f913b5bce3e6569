#include <catch2/catch.hpp>

#include "lib/hikvision/documents.hpp"

using namespace bioctl;
using hikvision::parse_pushed_event;

namespace {

constexpr std::chrono::minutes k_jakarta{420};

}  // namespace

TEST_CASE("A pushed event becomes a row in the words of the log", "[hikvision]") {
    auto const pushed = parse_pushed_event(
        R"({"ipAddress":"192.0.2.10","dateTime":"2026-11-21T07:30:00+07:00","eventType":"AccessControllerEvent",
            "AccessControllerEvent":{"majorEventType":5,"subEventType":75,"serialNo":812,"employeeNoString":"0042","name":"Siti",
            "currentEvent":true,"picturesNumber":1}})",
        k_jakarta);
    REQUIRE(pushed);
    REQUIRE(pushed->row);
    CHECK(pushed->row->serial == 812);
    CHECK(pushed->row->major == 5);
    CHECK(pushed->row->minor == 75);
    CHECK(pushed->row->employee_no == "0042");
    CHECK(to_rfc3339(pushed->row->at) == "2026-11-21T00:30:00Z");
    CHECK(pushed->row->raw.find("\"minor\":75") != std::string::npos);
    CHECK_FALSE(pushed->is_replay);
}

TEST_CASE("XML and a time without offset say the same", "[hikvision]") {
    auto const pushed = parse_pushed_event(
        "<EventNotificationAlert xmlns=\"http://www.isapi.org/ver20/XMLSchema\"><dateTime>2026-11-21T07:30:00</dateTime>"
        "<eventType>AccessControllerEvent</eventType><AccessControllerEvent><majorEventType>5</majorEventType>"
        "<subEventType>75</subEventType><serialNo>7</serialNo><currentEvent>false</currentEvent></AccessControllerEvent>"
        "</EventNotificationAlert>",
        k_jakarta);
    REQUIRE(pushed);
    REQUIRE(pushed->row);
    CHECK(to_rfc3339(pushed->row->at) == "2026-11-21T00:30:00Z");
    CHECK(pushed->is_replay);
}

TEST_CASE("A heartbeat is a sign of life and no event", "[hikvision]") {
    auto const pushed = parse_pushed_event(R"({"eventType":"heartBeat","eventState":"active"})", k_jakarta);
    REQUIRE(pushed);
    CHECK_FALSE(pushed->row);
}

TEST_CASE("What is neither is refused", "[hikvision]") {
    for (auto const* body :
         {"", "x", "[]", "{}", "null", "<a/>", R"({"eventType":"AccessControllerEvent","AccessControllerEvent":{"serialNo":0}})",
          R"({"eventType":"AccessControllerEvent","dateTime":"yesterday","AccessControllerEvent":{"serialNo":1,"majorEventType":5,"subEventType":75}})"}) {
        CAPTURE(body);
        CHECK_FALSE(parse_pushed_event(body, k_jakarta));
    }
    CHECK_FALSE(parse_pushed_event(std::string(100'000, '['), k_jakarta));
}
