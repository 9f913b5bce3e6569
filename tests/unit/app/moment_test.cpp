#include "lib/app/moment.hpp"

#include <catch2/catch.hpp>

using namespace bioctl;
using app::Zone;

namespace {

Timestamp utc(char const* text) {
    return from_rfc3339(text).or_throw();
}

}  // namespace

TEST_CASE("a zone that is none is refused by name", "[app]") {
    CHECK_THROWS_WITH(Zone{"Asia/Jakarat"}, Catch::Contains("Asia/Jakarat"));
}

TEST_CASE("what is no time is refused", "[app]") {
    Zone const zone{"Asia/Jakarta"};
    for (auto const* const text : {"", "soon", "2026-13-01", "2026-02-30", "2026-11-21 25:00", "5", "5y", "-3d", "2026-11-21x",
                                   "2026-11-21 10:11:s2", "2026-11-21 10:11:"}) {
        INFO(text);
        CHECK(zone.parse(text, utc("2026-11-21T00:00:00Z")).error().kind() == Kind::usage);
    }
}

TEST_CASE("dates and times are those of the zone, ages count from now", "[app]") {
    Zone const zone{"Asia/Jakarta"};
    auto const now = utc("2026-11-20T18:30:00Z");  // the 21st in Jakarta
    auto const parse = [&](char const* text) { return to_rfc3339(zone.parse(text, now).or_throw()); };
    CHECK(parse("2026-11-21") == "2026-11-20T17:00:00Z");
    CHECK(parse("2026-11-21 07:15") == "2026-11-21T00:15:00Z");
    CHECK(parse("2026-11-21T07:15:30") == "2026-11-21T00:15:30Z");
    CHECK(parse("2026-11-21T07:15:00+09:00") == "2026-11-20T22:15:00Z");
    CHECK(parse("2026-11-21T07:15:00Z") == "2026-11-21T07:15:00Z");
    CHECK(parse("today") == "2026-11-20T17:00:00Z");
    CHECK(parse("yesterday") == "2026-11-19T17:00:00Z");
    CHECK(parse("2h") == "2026-11-20T16:30:00Z");
    CHECK(parse("1w") == "2026-11-13T18:30:00Z");
    CHECK(zone.show(now) == "2026-11-21 01:30:00");
}

TEST_CASE("an hour that summer time skips or repeats is its first moment", "[app]") {
    Zone const zone{"Europe/Berlin"};
    auto const now = utc("2026-11-20T00:00:00Z");
    CHECK(to_rfc3339(zone.parse("2026-03-29 02:30", now).or_throw()) == "2026-03-29T01:00:00Z");
    CHECK(to_rfc3339(zone.parse("2026-10-25 02:30", now).or_throw()) == "2026-10-25T00:30:00Z");
}
