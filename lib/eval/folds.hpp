#pragma once
// Accuracy as the protocol of LFW measures it: the threshold for each fold is chosen on the others.

#include <cstddef>
#include <span>
#include <vector>

#include "lib/eval/scores.hpp"
#include "lib/eval/share.hpp"

namespace bioctl::eval {

struct FoldTrial {
    Trial trial;
    bool is_same = false;
    std::size_t fold = 0;  ///< 0 .. folds-1
};

struct FoldAccuracy {
    Share right;                     ///< of all trials; `errors` counts the right ones
    std::vector<double> thresholds;  ///< of each fold
    std::vector<bool> is_right;      ///< of each trial, in order
};

/// Of the thresholds 0, .001, .002, ... that are best on the other folds the middle one decides. Error{data} if a fold has no
/// trial, or there are fewer than two folds.
[[nodiscard]] FoldAccuracy accuracy_by_folds(std::span<FoldTrial const> trials, std::size_t folds);

/// Deals trial `index` of `count` of its kind to one of `folds` folds, in blocks, as LFW lists them.
[[nodiscard]] constexpr std::size_t fold_of(std::size_t index, std::size_t count, std::size_t folds) {
    return index * folds / count;
}

}  // namespace bioctl::eval
