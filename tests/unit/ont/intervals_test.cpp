#include <catch2/catch.hpp>

#include "lib/ont/intervals.hpp"

using namespace bioctl;
using namespace bioctl::ont;
using namespace std::chrono_literals;

namespace {

Interval from_to(int since, int until) {
    return {from_ms(since), from_ms(until)};
}

OutageSpan outage(int since, int until, bool is_over = true) {
    return {from_ms(since), from_ms(until), is_over};
}

}  // namespace

TEST_CASE("intervals are united, whatever their order", "[ont]") {
    CHECK(united({from_to(5, 9), from_to(1, 3), from_to(2, 5), from_to(20, 10), from_to(7, 8)}) == Intervals{from_to(1, 9)});
    CHECK(united({from_to(1, 2), from_to(3, 4)}) == Intervals{from_to(1, 2), from_to(3, 4)});
    CHECK(united({}).empty());
}

TEST_CASE("what two have in common, and what is left of one", "[ont]") {
    Intervals const a{from_to(0, 10), from_to(20, 30)};
    Intervals const b{from_to(5, 22), from_to(25, 26), from_to(29, 40)};
    CHECK(common(a, b) == Intervals{from_to(5, 10), from_to(20, 22), from_to(25, 26), from_to(29, 30)});
    CHECK(without(a, b) == Intervals{from_to(0, 5), from_to(22, 25), from_to(26, 29)});
    CHECK(without(b, a) == Intervals{from_to(10, 20), from_to(30, 40)});
    CHECK(without(a, {}) == a);
    CHECK(length_of(a) == 20ms);
}

TEST_CASE("availability counts what was watched and not in maintenance", "[ont]") {
    Intervals const watched{from_to(0, 1000), from_to(2000, 3000)};
    Intervals const maintenance{from_to(900, 2100)};
    auto const result = availability_of(watched, maintenance,
                                        {outage(100, 200), outage(850, 950), outage(1200, 1800), outage(2900, 5000, false)});
    CHECK(result.covered == 1800ms);
    CHECK(result.down == 100ms + 50ms + 100ms);
    CHECK(result.outages == 3);
    CHECK(result.repairs == 2);
    CHECK(result.mttr() == 100ms);
    CHECK(result.mtbf() == 1550ms / 3);
    CHECK(result.share() == Approx(1 - 250.0 / 1800));
}

TEST_CASE("nothing watched, nothing claimed", "[ont]") {
    auto const result = availability_of({}, {}, {outage(1, 2)});
    CHECK(result.covered == 0ms);
    CHECK(result.outages == 0);
    CHECK(result.share() == 1);
    CHECK(result.mttr() == 0ms);
    CHECK(result.mtbf() == 0ms);
}
