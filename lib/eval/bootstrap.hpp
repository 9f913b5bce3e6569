#pragma once
// Intervals by the bootstrap over subjects: people are drawn with replacement, all of a person's photos with them. Photos of one
// person resemble each other, so intervals over photos or pairs would promise too much (Bolle, Ratha, Pankanti: "Error analysis
// of pattern recognition systems - the subsets bootstrap", 2004).

#include <cstdint>
#include <functional>
#include <vector>

#include "lib/eval/scores.hpp"
#include "lib/eval/share.hpp"

namespace bioctl::eval {

struct BootstrapPlan {
    std::size_t replicates = 1000;
    std::uint64_t seed = 1;  ///< the same seed gives the same intervals, whatever the number of threads
    int jobs = 1;
};

/// From how often each subject counts to the figures of interest; NaN where a replicate has none (no impostor was drawn, say). Is
/// called from `jobs` threads at once.
using Statistics = std::function<std::vector<double>(Weights)>;

/// The 2.5th and 97.5th percentile of each figure over the replicates, {0, 1} for one that was never a number. `figures` is how
/// many `statistics` returns.
[[nodiscard]] std::vector<Interval> bootstrap(std::size_t subjects, std::size_t figures, Statistics const& statistics,
                                              BootstrapPlan const& plan);

/// How often each of `subjects` came out of so many draws with replacement.
[[nodiscard]] std::vector<double> draw_subjects(std::size_t subjects, std::size_t draws, std::uint64_t seed);

/// The 2.5th and 97.5th percentile of the values that are numbers; {0, 1} if none is.
[[nodiscard]] Interval middle_of(std::vector<double> values);

}  // namespace bioctl::eval
