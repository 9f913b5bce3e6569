#include <catch2/catch.hpp>

#include "lib/base/duration.hpp"

using namespace bioctl;
using namespace std::chrono_literals;

TEST_CASE("a duration is told in its two largest units", "[base]") {
    CHECK(human_duration(0ms) == "0 s");
    CHECK(human_duration(59'999ms) == "59 s");
    CHECK(human_duration(60s) == "1 min");
    CHECK(human_duration(59min + 59s) == "59 min");
    CHECK(human_duration(1h + 2min) == "1 h 2 min");
    CHECK(human_duration(49h + 59min) == "2 d 1 h");
}
