#include <catch2/catch.hpp>

#include <string>

#include <fmt/format.h>

#include "lib/hikvision/documents.hpp"
#include "lib/hikvision/push_host.hpp"

using namespace bioctl;
using namespace bioctl::hikvision;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

std::string device_info(std::string const& root_attributes, std::string const& prefix = "") {
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{0}DeviceInfo version=\"2.0\"{1}>\n"
        "<{0}deviceName>Gate &amp; hall</{0}deviceName>\n<{0}deviceID>255</{0}deviceID>\n<{0}model>DS-K1T341AM</{0}model>\n"
        "<{0}serialNumber>DS-K1T341AM20220210V030230ENJ12345678</{0}serialNumber>\n"
        "<{0}macAddress>C0:56:E3:AA:BB:CC</{0}macAddress>\n<{0}firmwareVersion>V3.2.30</{0}firmwareVersion>\n"
        "<{0}deviceType>ACS</{0}deviceType>\n</{0}DeviceInfo>\n",
        prefix, root_attributes);
}

std::string time_xml(std::string const& local, std::string const& zone) {
    return fmt::format(
        "<Time version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\"><timeMode>NTP</timeMode>"
        "<localTime>{}</localTime><timeZone>{}</timeZone></Time>",
        local, zone);
}

std::string nested(std::string const& open, std::string const& inner, std::string const& close, int levels) {
    std::string text;
    for (int i = 0; i < levels; ++i)
        text += open;
    text += inner;
    for (int i = 0; i < levels; ++i)
        text += close;
    return text;
}

std::vector<std::string> hostile_bodies() {
    std::string many_members = "{";
    for (int i = 0; i < 5'000; ++i)
        many_members += fmt::format("\"{}\":0,", i);
    std::string many_attributes = "<DeviceInfo ";
    for (int i = 0; i < 5'000; ++i)
        many_attributes += fmt::format("a{}='' ", i);
    return {"",
            " \t\r\n",
            "\xEF\xBB\xBF",
            std::string(1, '\0'),
            "\xFF\xFE<\0D",
            "<",
            "<DeviceInfo",
            "<DeviceInfo>",
            "<?xml version=\"1.0\"?>",
            "<!DOCTYPE html><html><head><title>Document Error</title></head><body>Access Error: 401</body></html>",
            "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><DeviceInfo>&c;</DeviceInfo>",
            "{",
            "{}",
            "[]",
            "null",
            "12",
            "\"text\"",
            "{\"DeviceInfo\":null,\"Time\":[],\"AcsEvent\":7,\"IllegalLoginLock\":\"\",\"AcsCfg\":false}",
            "{\"AcsEvent\":1e999}",
            "{\"AcsEvent\":{\"a\":\"\\ud8\"}}",
            nested("[", "", "]", 30),
            nested("{\"AcsEvent\":", "{}", "}", 70),
            nested("[", "", "", 500'000),
            nested("{\"a\":", "1", "}", 300'000),
            nested("<DeviceInfo>", "x", "</DeviceInfo>", 100'000),
            fmt::format("[{}]", nested("0,", "0", "", 300'000)),
            fmt::format("<a>{}</a>", nested("<b/>", "", "", 300'000)),
            many_members + "\"z\":0}",
            many_attributes + "/>"};
}

}  // namespace

TEST_CASE("a hostile or foreign body is a protocol error for every reader of documents", "[hikvision]") {
    for (auto const& body : hostile_bodies()) {
        CAPTURE(body.substr(0, 80), body.size());
        auto const check = [](auto const& result) {
            REQUIRE_FALSE(result.has_value());
            CHECK(result.error().kind() == Kind::protocol);
        };
        check(parse_device_info(body));
        check(parse_device_time(body));
        check(parse_event_page(body, 0min));
        check(parse_search_limits(body));
        check(parse_lock_policy(body));
        check(parse_picture_settings(body));
        check(parse_push_hosts(body));
    }
}

TEST_CASE("a web page is called one", "[hikvision]") {
    auto const error = parse_device_info("<html><body>Document Error</body></html>").error();
    CHECK_THAT(error.message(), Contains("a web page") && Contains("DeviceInfo"));
}

TEST_CASE("device information that lacks what identifies a device is refused, and the message names it", "[hikvision]") {
    for (std::string const name : {"model", "serialNumber", "macAddress", "firmwareVersion"}) {
        auto body = device_info("");
        auto const begin = body.find(fmt::format("<{}>", name)) + name.size() + 2;
        body.erase(begin, body.find(fmt::format("</{}>", name)) - begin);
        auto const info = parse_device_info(body);
        REQUIRE_FALSE(info);
        CHECK_THAT(info.error().message(), Contains(name));
    }
}

TEST_CASE("device information is read in every namespace, with a prefix and as JSON", "[hikvision]") {
    for (auto const& body :
         {device_info(""), device_info(" xmlns=\"http://www.isapi.org/ver20/XMLSchema\""),
          device_info(" xmlns=\"http://www.hikvision.com/ver20/XMLSchema\""),
          device_info(" xmlns=\"http://www.hikvision.com/ver10/XMLSchema\""),
          device_info(" xmlns:ns=\"http://www.isapi.org/ver20/XMLSchema\"", "ns:"),
          fmt::format("\xEF\xBB\xBF\r\n{}", device_info("")),
          std::string{R"({"DeviceInfo":{"deviceName":"Gate & hall","model":"DS-K1T341AM","macAddress":"c056e3aabbcc",
              "serialNumber":"DS-K1T341AM20220210V030230ENJ12345678","firmwareVersion":"V3.2.30"}})"}}) {
        CAPTURE(body);
        auto const info = parse_device_info(body);
        REQUIRE(info);
        CHECK(info->name == "Gate & hall");
        CHECK(info->model == "DS-K1T341AM");
        CHECK(info->serial_number == "DS-K1T341AM20220210V030230ENJ12345678");
        CHECK(info->mac == "c0:56:e3:aa:bb:cc");
        CHECK(info->firmware == "V3.2.30");
    }
}

TEST_CASE("a device name in Latin-1 is repaired", "[hikvision]") {
    auto body = device_info("");
    body.replace(body.find("Gate"), 4, "Caf\xE9");
    CHECK(parse_device_info(body)->name == "Caf\uFFFD & hall");
}

TEST_CASE("a clock without a usable time or without any offset is refused", "[hikvision]") {
    for (auto const& body :
         {time_xml("", "CST-8:00:00"), time_xml("yesterday", "CST-8:00:00"), time_xml("2026-07-01T08:10:11", ""),
          time_xml("2026-07-01T08:10:11", "CST"), time_xml("2026-07-01T08:10:11", "CST-99:00:00"),
          time_xml("2026-13-01T08:10:11+08:00", "CST-8:00:00")})
        CHECK(parse_device_time(body).error().kind() == Kind::protocol);
}

TEST_CASE("a device's clock is read as UTC with the offset it shows", "[hikvision]") {
    auto const at = from_rfc3339("2026-07-01T00:10:11Z").or_throw();
    struct Case {
        std::string local, zone;
        std::chrono::minutes offset;
    };
    for (auto const& [local, zone, offset] :
         {Case{"2026-07-01T08:10:11+08:00", "CST-8:00:00", 480min}, Case{"2026-06-30T20:10:11-04:00", "CST+4:00:00", -240min},
          Case{"2026-07-01T05:40:11+05:30", "IST-5:30:00", 330min}, Case{"2026-07-01T00:10:11Z", "", 0min},
          // Without an offset the zone is asked, whose sign is POSIX's: inverted.
          Case{"2026-07-01T07:10:11", "WIB-7:00:00", 420min}, Case{"2026-06-30T20:10:11", "CST+4:00:00", -240min},
          Case{"2026-07-01T08:10:11", "CST-8:00:00DST00:30:00,M4.1.0/02:00:00,M10.5.0/02:00:00", 480min}}) {
        CAPTURE(local, zone);
        auto const time = parse_device_time(time_xml(local, zone));
        REQUIRE(time);
        CHECK(time->now == at);
        CHECK(time->utc_offset == offset);
        CHECK(time->mode == "NTP");
    }
}

TEST_CASE("search limits come as attributes of XML or as members with an @, and never exceed 30", "[hikvision]") {
    auto const json = [](std::string const& most) {
        return parse_search_limits(
            R"({"AcsEvent":{"AcsEventCond":{"maxResults":{"@min":1,"@max":)" + most +
            R"(},"beginSerialNo":{"@min":1,"@max":3000000000},"endSerialNo":{"@min":1,"@max":3000000000}}}})");
    };
    CHECK(json("10")->max_results == 10);
    CHECK(json("\"24\"")->max_results == 24);
    CHECK(json("2000")->max_results == 30);
    CHECK(json("0")->max_results == 30);
    CHECK(json("-5")->max_results == 30);
    CHECK(json("99999999999999999999")->max_results == 30);
    CHECK(json("10")->has_serial_range);
    auto const xml = parse_search_limits("<AcsEvent><AcsEventCond><maxResults min=\"1\" max=\"20\"/></AcsEventCond></AcsEvent>");
    REQUIRE(xml);
    CHECK(xml->max_results == 20);
    CHECK_FALSE(xml->has_serial_range);
}

TEST_CASE("the lock policy is read from XML and JSON", "[hikvision]") {
    for (auto const* body :
         {"<IllegalLoginLock version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\"><enabled>true</enabled>"
          "<maxIllegalLoginTimes>5</maxIllegalLoginTimes><maxIllegalLoginLockTime>1800</maxIllegalLoginLockTime></"
          "IllegalLoginLock>",
          R"({"IllegalLoginLock":{"enabled":true,"maxIllegalLoginTimes":"5","maxIllegalLoginLockTime":1800}})"}) {
        auto const policy = parse_lock_policy(body);
        REQUIRE(policy);
        CHECK(policy->enabled);
        CHECK(policy->max_tries == 5);
        CHECK(policy->lock_time == 1800s);
    }
}

TEST_CASE("a picture setting that the device does not mention stays unknown", "[hikvision]") {
    auto const settings = parse_picture_settings(
        "{\n\t\"AcsCfg\":\t{\n\t\t\"uploadCapPic\":\ttrue,\n\t\t\"saveCapPic\":\tfalse,\n\t\t\"saveFacePic\":\t\"maybe\"\n\t}"
        "\n}");
    REQUIRE(settings);
    CHECK(settings->upload_capture == true);
    CHECK(settings->save_capture == false);
    CHECK_FALSE(settings->save_verification.has_value());
    CHECK_FALSE(settings->save_face.has_value());
}
