#include <catch2/catch.hpp>

#include <string>

#include <nlohmann/json.hpp>

#include "lib/base/text.hpp"
#include "lib/hikvision/documents.hpp"

using namespace bioctl;
using namespace bioctl::hikvision;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

std::string const k_full_row = R"({"major":5,"minor":75,"time":"2026-09-01T17:27:53-04:00","cardType":1,"name":"Ana",
  "cardReaderNo":1,"doorNo":1,"employeeNoString":"0042","serialNo":19354,"userType":"normal","currentVerifyMode":"cardOrFace",
  "mask":"no","cardNo":"0012345","attendanceStatus":"checkIn",
  "pictureURL":"https://192.0.2.10/LOCALS/pic/acsLinkCap/202609_00/01_172753_30075_0.jpeg@WEB000000000011",
  "FaceRect":{"height":0.3,"width":0.2,"x":0.4,"y":0.3}})";

Result<EventPage> page_of(std::string const& rows, std::string const& status = "OK") {
    return parse_event_page(R"({"AcsEvent":{"searchID":"b1f0","responseStatusStrg":")" + status +
                                R"(","numOfMatches":1,"totalMatches":1,"InfoList":[)" + rows + "]}}",
                            420min);
}

/// The row with some members put before the usual ones.
EventRow row_with(std::string const& members) {
    auto const page = page_of("{" + members + R"(,"major":5,"minor":75,"time":"2026-09-01T10:00:00Z","serialNo":7})");
    REQUIRE(page);
    REQUIRE(page->rows.size() == 1);
    return page->rows[0];
}

EventRow row_of_serial(std::string const& serial) {
    auto const page = page_of(R"({"major":5,"minor":75,"time":"2026-09-01T10:00:00Z","serialNo":)" + serial + "}");
    REQUIRE(page);
    REQUIRE(page->rows.size() == 1);
    return page->rows[0];
}

}  // namespace

TEST_CASE("a row without serial, time, major or minor is counted, and the others are kept", "[hikvision]") {
    for (auto const* broken :
         {R"({})", R"(null)", R"("row")", R"([])", R"({"minor":75,"time":"2026-09-01T10:00:00Z","serialNo":7})",
          R"({"major":5,"time":"2026-09-01T10:00:00Z","serialNo":7})", R"({"major":5,"minor":75,"serialNo":7})",
          R"({"major":5,"minor":75,"time":"2026-09-01T10:00:00Z"})",
          R"({"major":5,"minor":75,"time":"2026-09-01T10:00:00Z","serialNo":0})",
          R"({"major":5,"minor":75,"time":"2026-09-01T10:00:00Z","serialNo":99999999999999999999})",
          R"({"major":5,"minor":75,"time":"2026-09-01T10:00:00Z","serialNo":18446744073709551615})",
          R"({"major":99999999999,"minor":75,"time":"2026-09-01T10:00:00Z","serialNo":7})",
          R"({"major":5,"minor":-1,"time":"2026-09-01T10:00:00Z","serialNo":7})",
          R"({"major":5,"minor":75,"time":"2026-09-31T10:00:00Z","serialNo":7})",
          R"({"major":5,"minor":75,"time":1788256073,"serialNo":7})",
          R"({"major":{"a":5},"minor":[75],"time":"2026-09-01T10:00:00Z","serialNo":7})"}) {
        CAPTURE(broken);
        auto const page = page_of(std::string{broken} + "," + k_full_row);
        REQUIRE(page);
        CHECK(page->unusable == 1);
        REQUIRE(page->rows.size() == 1);
        CHECK(page->rows[0].serial == 19354);
    }
}

TEST_CASE("a page of unknown status, or without status and list, is a protocol error", "[hikvision]") {
    CHECK_THAT(page_of("", "FAILED").error().message(), Contains("FAILED"));
    CHECK(parse_event_page(R"({"AcsEvent":{"searchID":"b1f0"}})", 0min).error().kind() == Kind::protocol);
    CHECK(parse_event_page(R"({"AcsEvent":{"responseStatusStrg":["OK"]}})", 0min).error().kind() == Kind::protocol);
}

TEST_CASE("no match is a page without rows, with or without a list, however it is spelled", "[hikvision]") {
    for (auto const* status : {"NO MATCH", "NO_MATCH", "NO MATCHES", "no match"}) {
        CHECK(page_of("", status)->status == PageStatus::no_match);
        auto const page = parse_event_page(std::string{R"({"AcsEvent":{"responseStatusStrg":")"} + status + "\"}}", 0min);
        REQUIRE(page);
        CHECK(page->status == PageStatus::no_match);
        CHECK(page->rows.empty());
        CHECK(page->unusable == 0);
    }
    CHECK(parse_event_page(R"({"AcsEvent":{"responseStatusStrg":"NO MATCH","InfoList":null}})", 0min)->unusable == 0);
}

TEST_CASE("a whole row is read", "[hikvision]") {
    auto const page = page_of(k_full_row, "MORE");
    REQUIRE(page);
    CHECK(page->status == PageStatus::more);
    CHECK(page->total == 1);
    REQUIRE(page->rows.size() == 1);
    auto const& row = page->rows[0];
    CHECK(row.serial == 19354);
    CHECK(row.time == "2026-09-01T17:27:53-04:00");
    CHECK(to_rfc3339(row.at) == "2026-09-01T21:27:53Z");
    CHECK(row.major == 5);
    CHECK(row.minor == 75);
    CHECK(row.employee_no == "0042");
    CHECK(row.name == "Ana");
    CHECK(row.card_no == "0012345");
    CHECK(row.user_type == "normal");
    CHECK(row.verify_mode == "cardOrFace");
    CHECK(row.attendance == "checkIn");
    CHECK(row.mask == "no");
    CHECK(row.door == 1);
    CHECK(row.picture == "/LOCALS/pic/acsLinkCap/202609_00/01_172753_30075_0.jpeg@WEB000000000011");
    CHECK(nlohmann::json::parse(row.raw) == nlohmann::json::parse(k_full_row));
}

TEST_CASE("a row in the style that names every field and fills none says nothing", "[hikvision]") {
    auto const row = row_with(R"("employeeNoString":"","name":"","cardNo":"0","userType":"unknown","currentVerifyMode":"invalid",
        "attendanceStatus":"undefined","mask":"Unknown","doorNo":0,"pictureURL":"")");
    CHECK(row.employee_no + row.name + row.card_no + row.user_type + row.verify_mode + row.attendance + row.mask + row.picture ==
          "");
    CHECK(row.door == 0);
}

TEST_CASE("an employee number is text, also when old firmware writes a number", "[hikvision]") {
    CHECK(row_with(R"("employeeNo":42)").employee_no == "42");
    CHECK(row_with(R"("employeeNo":0)").employee_no == "");
    CHECK(row_with(R"("employeeNo":42,"employeeNoString":"0042")").employee_no == "0042");
    CHECK(row_with(R"("employeeNo":42,"employeeNoString":"")").employee_no == "42");
    CHECK(row_with(R"("employeeNoString":12345678901234567890)").employee_no == "12345678901234567890");
    CHECK(row_with(R"("employeeNoString":{"a":1})").employee_no == "");
}

TEST_CASE("serials may be negative, larger than 32 bits, or written as text", "[hikvision]") {
    CHECK(row_of_serial("-1").serial == -1);
    CHECK(row_of_serial("3000000000").serial == 3'000'000'000);
    CHECK(row_of_serial("9223372036854775807").serial == 9'223'372'036'854'775'807);
    CHECK(row_of_serial("\"19354\"").serial == 19354);
}

TEST_CASE("a time without an offset is the device's own", "[hikvision]") {
    auto const page = page_of(R"({"major":5,"minor":75,"time":"2026-09-01T17:27:53","serialNo":7},
                                 {"major":5,"minor":75,"time":"2026-09-01T17:27:53Z","serialNo":8})");
    REQUIRE(page);
    CHECK(to_rfc3339(page->rows.at(0).at) == "2026-09-01T10:27:53Z");
    CHECK(to_rfc3339(page->rows.at(1).at) == "2026-09-01T17:27:53Z");
}

TEST_CASE("names that are not UTF-8, or hold control characters, cost no row, and raw stays valid", "[hikvision]") {
    auto const latin = row_with("\"name\":\"Jos\xE9\"");
    CHECK(latin.name == "Jos\uFFFD");
    CHECK(nlohmann::json::parse(latin.raw)["name"] == "Jos\uFFFD");
    CHECK(row_with("\"name\":\"An\xE6\x97\"").name == "An\uFFFD\uFFFD");  // cut off in the middle of a character
    CHECK(row_with("\"name\":\"A\tB\nC\"").name == "A B C");
    CHECK(row_with(R"("name":"Zoë \u00e9 \ud83d\ude00")").name == "Zoë é 😀");
    auto const from_xml = parse_event_page(
        "<AcsEvent><responseStatusStrg>OK</responseStatusStrg><InfoList><name>&#xD800;</name><major>5</major><minor>75</minor>"
        "<time>2026-09-01T10:00:00Z</time><serialNo>7</serialNo></InfoList></AcsEvent>",
        0min);
    REQUIRE(from_xml);
    REQUIRE(from_xml->rows.size() == 1);
    CHECK(is_utf8(from_xml->rows[0].raw));
    CHECK(nlohmann::json::accept(from_xml->rows[0].raw));
}

TEST_CASE("half of an escaped pair costs no row; whole pairs and backslashes stay", "[hikvision]") {
    CHECK(row_with(R"("name":"An\ud83d")").name == "An\uFFFD");
    CHECK(row_with(R"("name":"\ude00An\ud83dx\ud83d\ud83d\ude00")").name == "\uFFFDAn\uFFFDx\uFFFD\U0001F600");
    CHECK(row_with(R"("name":"C:\\ud83d \u0041 \"")").name == "C:\\ud83d A \"");
    CHECK_FALSE(page_of(R"({"name":"\ud8)").has_value());
    CHECK_FALSE(page_of("{\"name\":\"\\").has_value());
}

TEST_CASE("a page in XML gives the same rows, in each way a list may be written", "[hikvision]") {
    auto const row = [](int serial) {
        return "<major>5</major><minor>75</minor><time>2026-09-01T17:27:53-04:00</time><employeeNoString>0042</employeeNoString>"
               "<serialNo>" +
               std::to_string(serial) + "</serialNo>";
    };
    auto const page = [](std::string const& list) {
        return parse_event_page(
            "<?xml version=\"1.0\"?><AcsEvent xmlns=\"http://www.isapi.org/ver20/XMLSchema\">"
            "<responseStatusStrg>MORE</responseStatusStrg><totalMatches>2</totalMatches>" +
                list + "</AcsEvent>",
            0min);
    };
    for (auto const& list : {"<InfoList><Info>" + row(7) + "</Info><Info>" + row(8) + "</Info></InfoList>",
                             "<InfoList size=\"2\"><Info>" + row(7) + "</Info><Info>" + row(8) + "</Info></InfoList>",
                             "<InfoList>" + row(7) + "</InfoList><InfoList>" + row(8) + "</InfoList>"}) {
        auto const got = page(list);
        REQUIRE(got);
        CHECK(got->status == PageStatus::more);
        CHECK(got->total == 2);
        CHECK(got->unusable == 0);
        REQUIRE(got->rows.size() == 2);
        CHECK(got->rows[1].serial == 8);
        CHECK(got->rows[1].employee_no == "0042");
    }
    CHECK(page("<InfoList><Info>" + row(7) + "</Info></InfoList>")->rows.size() == 1);
    CHECK(page("<InfoList/>")->rows.empty());
}

TEST_CASE("a row nested 30 levels deep is kept, one nested without reason is refused with its page", "[hikvision]") {
    auto const nested = [](int levels) {
        return R"({"major":5,"minor":75,"time":"2026-09-01T10:00:00Z","serialNo":7,"x":)" +
               std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']') + "}";
    };
    CHECK(page_of(nested(100)).error().kind() == Kind::protocol);
    CHECK(page_of(nested(30))->rows.size() == 1);
}

TEST_CASE("of a picture's URL only path and query are kept", "[hikvision]") {
    CHECK(path_and_query("https://192.0.2.10/LOCALS/pic/a.jpeg@WEB1?x=1&y=/z") == "/LOCALS/pic/a.jpeg@WEB1?x=1&y=/z");
    CHECK(path_and_query("http://[2001:db8::1]:80/LOCALS/a.jpg") == "/LOCALS/a.jpg");
    CHECK(path_and_query("/LOCALS/a.jpg@WEB1") == "/LOCALS/a.jpg@WEB1");
    CHECK(path_and_query("/a?u=http://x/y") == "/a?u=http://x/y");
    CHECK(path_and_query("LOCALS/a.jpg") == "/LOCALS/a.jpg");
    CHECK(path_and_query("//192.0.2.66/LOCALS/a.jpg") == "/LOCALS/a.jpg");
    CHECK(path_and_query("http://admin:secret@192.0.2.66/a.jpg#top") == "/a.jpg");
    for (std::string const none :
         {"", "none", "http://192.0.2.10", "http://", "//", "/a b", "/a\tb", "/a\r\nHost: x", "/caf\xC3\xA9", "#/a"})
        CHECK(path_and_query(none) == "");
    CHECK(path_and_query("/" + std::string(5000, 'a')) == "");
}
