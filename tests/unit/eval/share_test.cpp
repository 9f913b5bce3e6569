#include "lib/eval/share.hpp"

#include <catch2/catch.hpp>

#include <cmath>

#include "lib/base/error.hpp"

using namespace bioctl;
using namespace bioctl::eval;

TEST_CASE("the Wilson interval is that of the tables", "[eval]") {
    // Agresti, Coull: "Approximate is better than exact", 1998: 8 of 10, and none of 10, z = 1.96.
    auto const eight = share(8, 10);
    CHECK(eight.value == Approx(.8));
    CHECK(eight.interval.low == Approx(.4902).margin(1e-4));
    CHECK(eight.interval.high == Approx(.9433).margin(1e-4));
    auto const none = share(0, 10);
    CHECK(none.interval.low == Approx(0).margin(1e-12));
    CHECK(none.interval.high == Approx(.2775).margin(1e-4));
    CHECK(share(10, 10).interval.high == Approx(1).margin(1e-12));
    CHECK(share(0, 0).trials == 0);
}

TEST_CASE("the rule of 3 is near the exact bound of no errors in n trials", "[eval]") {
    CHECK(rule_of_three(300) == Approx(.01));
    for (std::size_t const n : {100U, 300U, 3000U}) {
        double const exact = 1 - std::pow(.05, 1 / static_cast<double>(n));
        CHECK(rule_of_three(n) == Approx(exact).epsilon(.02));
    }
    CHECK(rule_of_three(0) == 1);
    CHECK(rule_of_three(2) == 1);
}

TEST_CASE("a small rate takes many trials", "[eval]") {
    CHECK(trials_needed(.01) == 300);
    CHECK(trials_needed(.001) == 3000);
    CHECK(trials_needed(1e-6) == 3'000'000);
    CHECK(trials_needed(.02) == 150);
    CHECK(trials_needed(.7) == 5);
    // More than can be counted is not none.
    for (double const rate : {1e-18, 1e-19, 1e-20, 1e-25, 1e-300, 4.9e-324})
        CHECK(trials_needed(rate) >= 1'000'000'000'000'000'000U);
    CHECK_THROWS_AS(trials_needed(0), Error);
    CHECK_THROWS_AS(trials_needed(-1), Error);
    CHECK_THROWS_AS(trials_needed(std::nan("")), Error);
}
