#pragma once
// Figures of verification accuracy from scores, with 95 % intervals. Definitions: ISO/IEC 19795-1 and the protocol of LFW.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "lib/eval/share.hpp"

namespace bioctl::bench {

using eval::Share;
using eval::share;

/// A labelled comparison; no distance = a face was not found, which counts as "different" at every threshold.
struct Comparison {
    std::optional<float> distance;
    bool same = false;
};

/// Accuracy by k folds: the threshold that is best on the other folds (on a grid of .001; of several the middle one) decides each
/// fold. comparisons[i] belongs to fold i / (n / folds) within its kind, as LFW lists them: all same pairs first, then all
/// different ones.
[[nodiscard]] Share accuracy_by_folds(std::span<Comparison const> comparisons, std::size_t folds);

/// True accept rate at the threshold that lets through at most `fmr` of the impostor distances.
struct TarAtFmr {
    double fmr = 0;
    double threshold = 0;
    Share tar;
};
/// impostors is sorted, ascending.
[[nodiscard]] TarAtFmr tar_at_fmr(std::span<Comparison const> genuine, std::span<float const> impostors, double fmr);

}  // namespace bioctl::bench
