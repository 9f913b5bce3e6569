#include "lib/eval/verification.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/eval/trials.hpp"

using namespace bioctl;
using namespace bioctl::eval;
using test::normal_trials;
using test::trials_at;

namespace {

Scores four_and_four() {
    return {trials_at({.6F, .1F, .3F, .2F}), trials_at({.8F, .25F, .7F, .5F}), 2};
}

}  // namespace

TEST_CASE("rates at a threshold are counted, the threshold itself says same", "[eval]") {
    auto const scores = four_and_four();
    auto const point = at_threshold(scores, static_cast<double>(.3F));
    CHECK(point.fmr == .25);
    CHECK(point.fnmr == .25);
    CHECK(at_threshold(scores, 0).fnmr == 1);
    CHECK(at_threshold(scores, 0).fmr == 0);
    CHECK(at_threshold(scores, 1).fmr == 1);
}

TEST_CASE("the threshold of an FMR lets through no more impostors than that", "[eval]") {
    auto const points = at_fmrs(four_and_four(), std::vector{.5, .1, .25});
    REQUIRE(points.size() == 3);
    CHECK(points[0].fmr == .5);
    CHECK(points[0].fnmr == 0);
    CHECK(points[1].fmr == 0);
    CHECK(points[1].fnmr == .5);
    CHECK(points[1].threshold < static_cast<double>(.25F));
    CHECK(points[2].fmr == .25);
    CHECK(points[2].fnmr == .25);
}

TEST_CASE("impostors at one distance pass together or not at all", "[eval]") {
    Scores const scores{trials_at({.1F, .5F}), trials_at({.4F, .4F, .4F, .9F}), 2};
    auto const points = at_fmrs(scores, std::vector{.5, .75});
    CHECK(points[0].fmr == 0);
    CHECK(points[0].fnmr == .5);
    CHECK(points[1].fmr == .75);
    CHECK(points[1].fnmr == 0);
}

TEST_CASE("a comparison that could not be made is a miss of the person and no chance for an impostor", "[eval]") {
    Scores const scores{trials_at({.1F, k_not_compared}), trials_at({k_not_compared, .5F}), 2};
    CHECK(scores.impostors().size() == 1);
    CHECK(at_threshold(scores, 10).fnmr == .5);
    CHECK(at_fmrs(scores, std::vector{.5})[0].fnmr == .5);
    CHECK(equal_error(scores).rate == .25);
    // Also where there is no impostor at all, and so no threshold.
    CHECK(at_fmrs(Scores{trials_at({.1F, k_not_compared}), {}, 2}, std::vector{.5})[0].fnmr == .5);
}

TEST_CASE("the equal error rate is where the curves cross", "[eval]") {
    auto const crossing = equal_error(four_and_four());
    CHECK(crossing.rate == .25);
    CHECK(crossing.threshold == Approx(.3));
    CHECK(equal_error({trials_at({.1F, .2F}), trials_at({.3F}), 2}).rate == 0);
    // All the wrong way round.
    CHECK(equal_error({trials_at({.8F}), trials_at({.2F}), 2}).rate == .5);
    CHECK(equal_error({trials_at({.8F}), {}, 2}).rate == 0);
    // FVC: FMR 0, FNMR .5 before, FMR 1/3, FNMR 0 behind; the smaller sum is behind.
    auto const uneven = equal_error({trials_at({.1F, .3F}), trials_at({.3F, .5F, .6F}), 2});
    CHECK(uneven.rate == Approx(1.0 / 6));
}

TEST_CASE("two normal distributions have the error rates of the tables", "[eval]") {
    // d' = 2: EER = Phi(-1) = .158655. d' = 4: FNMR at FMR .01 = Phi(2.326348 - 4) = .047097.
    Scores const near{normal_trials(0, 20'000), normal_trials(2, 20'000), 2};
    CHECK(equal_error(near).rate == Approx(.158655).margin(2e-4));
    CHECK(equal_error(near).threshold == Approx(1).margin(2e-3));
    Scores const far{normal_trials(0, 20'000), normal_trials(4, 20'000), 2};
    auto const point = at_fmrs(far, std::vector{.01})[0];
    CHECK(point.fnmr == Approx(.047097).margin(3e-4));
    CHECK(point.threshold == Approx(1.673652).margin(3e-3));
    // d' = 4: FNMR at FMR 1e-3 = Phi(3.090232 - 4) = .181448.
    CHECK(at_fmrs(far, std::vector{.001})[0].fnmr == Approx(.181448).margin(2e-3));
}

TEST_CASE("a person drawn twice counts twice, a pair of such four times", "[eval]") {
    Scores const scores{{{.1F, 0, 0}, {.5F, 1, 1}}, {{.4F, 0, 1}, {.6F, 1, 2}}, 3};
    std::vector<double> const weights{2, 2, 0};
    auto const point = at_threshold(scores, .45, weights);
    CHECK(point.fnmr == .5);
    CHECK(point.fmr == 1);  // the only pair left is that of 0 and 1
    std::vector<double> const uneven{3, 1, 1};
    CHECK(at_threshold(scores, .45, uneven).fnmr == .25);
    CHECK(at_threshold(scores, .45, uneven).fmr == .75);
    // Weights of one are no weights.
    std::vector<double> const ones{1, 1, 1};
    CHECK(at_fmrs(scores, std::vector{.5}, ones)[0].threshold == at_fmrs(scores, std::vector{.5})[0].threshold);
    CHECK(equal_error(scores, ones).rate == equal_error(scores).rate);
}

TEST_CASE("the curve runs from few impostors to all of them, FMR rising and FNMR falling", "[eval]") {
    Scores const scores{normal_trials(0, 2000), normal_trials(3, 100'000), 2};
    auto const line = curve(scores, 200);
    REQUIRE(line.size() > 100);
    CHECK(line.size() <= 210);
    CHECK(line.back().fmr == 1);
    for (std::size_t i = 1; i < line.size(); ++i) {
        REQUIRE(line[i].fmr >= line[i - 1].fmr);
        REQUIRE(line[i].fnmr <= line[i - 1].fnmr);
        auto const exact = at_threshold(scores, line[i].threshold);
        REQUIRE(line[i].fmr == Approx(exact.fmr));
        REQUIRE(line[i].fnmr == Approx(exact.fnmr));
    }
    auto const rare = std::ranges::count_if(line, [](auto const& p) { return p.fmr > 0 && p.fmr < 1e-2; });
    CHECK(rare > 20);
    CHECK(curve(Scores{trials_at({.1F}), {}, 2}, 100).empty());
}

TEST_CASE("a histogram counts everything that was compared once", "[eval]") {
    auto const counts = histogram(Scores{trials_at({0, .5F, 1, k_not_compared}), trials_at({.99F}), 2}, 4);
    CHECK(counts.end == 1);
    CHECK(counts.genuine == std::vector<std::size_t>{1, 0, 1, 1});
    CHECK(counts.impostors == std::vector<std::size_t>{0, 0, 0, 1});
    CHECK(histogram(Scores{{}, {}, 0}, 2).genuine == std::vector<std::size_t>{0, 0});
}
