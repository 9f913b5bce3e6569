#include <catch2/catch.hpp>

#include "lib/hikvision/terminal.hpp"

using namespace bioctl;
using namespace bioctl::hikvision;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

EventQuery window(WindowStyle style, std::chrono::minutes offset) {
    return {.search_id = "b1f0",
            .from = from_rfc3339("2026-08-31T18:00:00.250Z").or_throw(),
            .to = from_rfc3339("2026-09-01T16:59:59.999Z").or_throw(),
            .style = style,
            .utc_offset = offset};
}

}  // namespace

TEST_CASE("a window is written in the device's own offset, in none, or in UTC", "[hikvision]") {
    CHECK_THAT(to_json(window(WindowStyle::device, 420min)),
               Contains(R"("startTime":"2026-09-01T01:00:00+07:00","endTime":"2026-09-01T23:59:59+07:00")"));
    CHECK_THAT(to_json(window(WindowStyle::device, -210min)), Contains(R"("startTime":"2026-08-31T14:30:00-03:30")"));
    CHECK_THAT(to_json(window(WindowStyle::device, 0min)), Contains(R"("startTime":"2026-08-31T18:00:00+00:00")"));
    CHECK_THAT(to_json(window(WindowStyle::none, 420min)), Contains(R"("startTime":"2026-09-01T01:00:00",)"));
    CHECK_THAT(to_json(window(WindowStyle::utc, 420min)), Contains(R"("startTime":"2026-08-31T18:00:00Z",)"));
}

TEST_CASE("what every search needs is there, pictures are left out, and nothing else is sent unasked", "[hikvision]") {
    CHECK(
        to_json({.search_id = "b1f0", .position = 30, .max_results = 10, .filter = {5, 75}}) ==
        R"({"AcsEventCond":{"searchID":"b1f0","searchResultPosition":30,"maxResults":10,"major":5,"minor":75,"picEnable":false}})");
}

TEST_CASE("a search by serial names both ends, the last of which all firmware takes", "[hikvision]") {
    CHECK_THAT(to_json({.search_id = "b1f0", .first_serial = 19355}),
               Contains(R"("beginSerialNo":19355,"endSerialNo":999999999)"));
    CHECK_THAT(to_json({.search_id = "b1f0", .first_serial = 1'000'000'000}),
               Contains(R"("beginSerialNo":1000000000,"endSerialNo":3000000000)"));
    CHECK_THAT(to_json({.search_id = "b1f0", .newest_first = true}), Contains(R"("timeReverseOrder":true)"));
}
