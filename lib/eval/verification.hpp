#pragma once
// 1:1: false match and false non-match rates over the threshold.

#include <span>
#include <vector>

#include "lib/eval/scores.hpp"

namespace bioctl::eval {

/// How many people have a part in these comparisons.
[[nodiscard]] std::size_t count_subjects(std::span<Trial const> trials);

/// FNMR counts failures to acquire as misses, so with them it is what ISO calls the false reject rate.
struct OperatingPoint {
    double threshold = 0;
    double fmr = 0, fnmr = 0;
};

[[nodiscard]] OperatingPoint at_threshold(Scores const& scores, double threshold, Weights weights = {});

/// The largest threshold that lets through at most floor(fmr * n) of n impostor comparisons, for each of `fmrs`. Without
/// impostors the threshold is infinite.
[[nodiscard]] std::vector<OperatingPoint> at_fmrs(Scores const& scores, std::span<double const> fmrs, Weights weights = {});

/// Where both rates are equal. Of finite samples they never quite are: of the last threshold with FMR <= FNMR and the first with
/// FMR >= FNMR the one with the smaller sum counts, as the mean of both (Maio et al., "FVC2000", 2002). Zeros if one kind of
/// comparison is missing, NaN if it is missing in a replicate.
struct EqualError {
    double rate = 0;
    double threshold = 0;
};
[[nodiscard]] EqualError equal_error(Scores const& scores, Weights weights = {});

/// The curve for DET and ROC plots: threshold rising, at most about `points`, dense where few impostors pass.
[[nodiscard]] std::vector<OperatingPoint> curve(Scores const& scores, std::size_t points);

/// Counts of distances in `bins` equal bins from 0 to `end`; what lies beyond is in the last.
struct Histogram {
    double end = 0;
    std::vector<std::size_t> genuine, impostors;
};
[[nodiscard]] Histogram histogram(Scores const& scores, std::size_t bins);

}  // namespace bioctl::eval
