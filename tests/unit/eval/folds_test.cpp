#include "lib/eval/folds.hpp"

#include <catch2/catch.hpp>

#include "lib/base/error.hpp"

using namespace bioctl;
using namespace bioctl::eval;

TEST_CASE("each fold is decided by the threshold that is best on the others", "[eval]") {
    // On fold 1 all thresholds from .3 to .499 are right, the middle one is .4; on fold 0 those from .1 to .199: .15.
    std::vector<FoldTrial> const trials{
        {{.1F, 0, 0}, true, 0}, {{.2F, 0, 1}, false, 0}, {{.3F, 2, 2}, true, 1}, {{.5F, 2, 3}, false, 1}};
    auto const result = accuracy_by_folds(trials, 2);
    REQUIRE(result.thresholds.size() == 2);
    CHECK(result.thresholds[0] == Approx(.4).margin(.002));
    CHECK(result.thresholds[1] == Approx(.15).margin(.002));
    CHECK(result.is_right == std::vector<bool>{true, false, false, true});
    CHECK(result.right.value == .5);
}

TEST_CASE("a pair that could not be compared counts as different", "[eval]") {
    std::vector<FoldTrial> trials;
    for (std::size_t fold = 0; fold < 2; ++fold) {
        trials.push_back({{.1F, 0, 0}, true, fold});
        trials.push_back({{k_not_compared, 0, 0}, true, fold});
        trials.push_back({{k_not_compared, 0, 1}, false, fold});
        trials.push_back({{.9F, 0, 1}, false, fold});
    }
    CHECK(accuracy_by_folds(trials, 2).is_right == std::vector<bool>{true, false, true, true, true, false, true, true});
}

TEST_CASE("folds without trials are refused", "[eval]") {
    std::vector<FoldTrial> const trials{{{.1F, 0, 0}, true, 0}};
    CHECK_THROWS_AS(accuracy_by_folds(trials, 2), Error);
    CHECK_THROWS_AS(accuracy_by_folds(trials, 1), Error);
    CHECK_THROWS_AS(accuracy_by_folds({}, 10), Error);
}

TEST_CASE("trials are dealt to folds in blocks of nearly one size", "[eval]") {
    CHECK(fold_of(0, 500, 10) == 0);
    CHECK(fold_of(49, 500, 10) == 0);
    CHECK(fold_of(50, 500, 10) == 1);
    CHECK(fold_of(499, 500, 10) == 9);
    CHECK(fold_of(10, 11, 10) == 9);
}
