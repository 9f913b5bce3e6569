#include <catch2/catch.hpp>

#include "lib/app/moment.hpp"
#include "lib/app/quiet_hours.hpp"

using namespace bioctl;
using namespace std::chrono_literals;

TEST_CASE("quiet hours are two times of a day", "[app]") {
    auto const night = app::parse_quiet_hours("22:00-06:30");
    REQUIRE(night);
    CHECK(night->begin == 22h);
    CHECK(night->end == 390min);
    CHECK(app::parse_quiet_hours("00:00-23:59")->end == 1439min);
    for (auto const* text : {"", "-", "22:00", "22:00-", "22-6", "22:00-6:00", "24:00-06:00", "22:60-06:00", "22:00-06:00 ",
                             "06:00-06:00", "22.00-06.00", "2a:00-06:00", "+1:00-06:00", "22:00-06:00-07:00"}) {
        INFO(text);
        auto const hours = app::parse_quiet_hours(text);
        REQUIRE_FALSE(hours);
        CHECK(hours.error().kind() == Kind::usage);
    }
}

TEST_CASE("a span of time is a number and its unit", "[app]") {
    CHECK(app::parse_span("0s") == 0s);
    CHECK(app::parse_span("30s") == 30s);
    CHECK(app::parse_span("10m") == 10min);
    CHECK(app::parse_span("2h") == 2h);
    CHECK(app::parse_span("1w") == 168h);
    for (auto const* text : {"", "s", "30", "-5s", "1.5h", "10 m", "10ms", "99999999999999999999s", "2000000s"})
        CHECK_FALSE(app::parse_span(text));
}
