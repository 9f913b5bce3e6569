#include "lib/eval/bootstrap.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <stdexcept>

#include "lib/eval/identification.hpp"
#include "lib/eval/verification.hpp"

using namespace bioctl::eval;

namespace {

/// Every fifth of the subjects errs in all of its trials: a rate of .2.
Interval interval_of_share(std::size_t subjects, BootstrapPlan const& plan) {
    auto const statistics = [subjects](Weights weights) {
        double errors = 0;
        for (std::size_t i = 0; i < subjects; i += 5)
            errors += weights[i];
        return std::vector{errors / static_cast<double>(subjects)};
    };
    return bootstrap(subjects, 1, statistics, plan).front();
}

double width(Interval const& interval) {
    return interval.high - interval.low;
}

}  // namespace

TEST_CASE("the interval of a share is as wide as the binomial says and shrinks with the root of the sample", "[eval]") {
    BootstrapPlan const plan{.replicates = 4000};
    double const z = 1.959964;
    for (std::size_t const n : {100U, 400U, 1600U, 6400U}) {
        auto const expected = 2 * z * std::sqrt(.2 * .8 / static_cast<double>(n));
        CHECK(width(interval_of_share(n, plan)) == Approx(expected).epsilon(.08));
    }
    CHECK(width(interval_of_share(400, plan)) / width(interval_of_share(6400, plan)) == Approx(4).epsilon(.1));
}

TEST_CASE("the interval covers the truth about 95 times in 100", "[eval]") {
    // 300 samples of 100 people from a population in which one of five errs.
    int covered = 0;
    std::uint64_t state = 1;
    auto const uniform = [&state] {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<double>(state >> 11U) / 9007199254740992.0;
    };
    for (int sample = 0; sample < 300; ++sample) {
        std::vector<double> errs(100);
        for (auto& each : errs)
            each = uniform() < .2 ? 1 : 0;
        auto const interval = bootstrap(errs.size(), 1,
                                        [&](Weights weights) {
                                            double sum = 0;
                                            for (std::size_t i = 0; i < errs.size(); ++i)
                                                sum += weights[i] * errs[i];
                                            return std::vector{sum / static_cast<double>(errs.size())};
                                        },
                                        {.replicates = 400, .seed = static_cast<std::uint64_t>(sample) + 1})
                                  .front();
        if (interval.low <= .2 && .2 <= interval.high) ++covered;
    }
    CHECK(covered >= 270);
    CHECK(covered <= 297);
}

TEST_CASE("the interval depends on the seed and not on the threads", "[eval]") {
    auto const one = interval_of_share(100, {.replicates = 300, .seed = 7, .jobs = 1});
    auto const many = interval_of_share(100, {.replicates = 300, .seed = 7, .jobs = 4});
    CHECK(one.low == many.low);
    CHECK(one.high == many.high);
}

TEST_CASE("replicates without an answer are left out", "[eval]") {
    auto const none = bootstrap(3, 1, [](Weights) { return std::vector{std::nan("")}; }, {.replicates = 10});
    CHECK(none.front().low == 0);
    CHECK(none.front().high == 1);
    CHECK(bootstrap(3, 2, [](Weights w) { return std::vector{w[0] > 0 ? .5 : std::nan(""), .25}; }, {})[0].high == .5);
}

TEST_CASE("a replicate without trials has no rate", "[eval]") {
    // Subject 0 has the genuine trials, all missed; 1 and 2 are impostors and strangers.
    Scores const scores{{{9, 0, 0}}, {{5, 1, 2}}, 3};
    std::vector<Search> const searches{{0, true, 0, 9, 5}, {1, false, 0, k_not_compared, 5}};
    std::vector<double> const no_genuine{0, 2, 1}, no_impostor{3, 0, 0}, all{1, 1, 1};
    std::vector const rates{.1};
    CHECK(std::isnan(at_threshold(scores, 6, no_genuine).fnmr));
    CHECK(at_threshold(scores, 6, no_genuine).fmr == 1);
    CHECK(std::isnan(at_threshold(scores, 6, no_impostor).fmr));
    CHECK(std::isnan(at_fmrs(scores, rates, no_genuine).front().fnmr));
    CHECK(std::isnan(at_fmrs(scores, rates, no_impostor).front().fnmr));
    CHECK(at_fmrs(scores, rates, all).front().fnmr == 1);
    CHECK(std::isnan(equal_error(scores, no_genuine).rate));
    CHECK(std::isnan(equal_error(scores, no_impostor).rate));
    CHECK(std::isnan(cmc(searches, 2, no_genuine)[1]));
    CHECK(cmc(searches, 2, no_impostor)[1] == 0);
    CHECK(std::isnan(open_set_at(searches, 6, no_genuine).fnir));
    CHECK(std::isnan(open_set_at(searches, 6, no_impostor).fpir));
    CHECK(std::isnan(at_fpirs(searches, rates, no_impostor).front().fnir));
    CHECK(at_fpirs(searches, rates, all).front().fnir == 1);
    // So a person who is always missed has no interval that begins at 0.
    auto const interval =
        bootstrap(3, 1, [&](Weights weights) { return std::vector{at_threshold(scores, 6, weights).fnmr}; }, {}).front();
    CHECK(interval.low == 1);
    CHECK(interval.high == 1);
    // Of everybody a rate without trials is 0.
    CHECK(at_threshold(Scores{{}, {}, 0}, 1).fnmr == 0);
}

TEST_CASE("an exception of a replicate reaches the caller, from whatever thread", "[eval]") {
    CHECK_THROWS_AS(
        bootstrap(3, 1, [](Weights) -> std::vector<double> { throw std::runtime_error("odd"); }, {.replicates = 10, .jobs = 3}),
        std::runtime_error);
}
