#pragma once
// 1:N: closed set (rank-k, CMC) and open set (FNIR at FPIR).

#include <cstddef>
#include <span>
#include <vector>

#include "lib/eval/scores.hpp"

namespace bioctl::eval {

/// One probe, searched among N enrolled people.
struct Search {
    Subject subject = 0;           ///< whose probe it is
    bool is_mated = false;         ///< the person is enrolled
    std::size_t rank = 0;          ///< of the person among the enrolled, from 1; 0: not mated, or no face was found
    float own = k_not_compared;    ///< distance to the person's nearest template
    float other = k_not_compared;  ///< to the nearest other person's
};

/// How many people are searched for in the mated searches.
[[nodiscard]] std::size_t count_mated_subjects(std::span<Search const> searches);

/// Share of mated searches with rank <= k, for k = 1 .. most. Probes without a face are misses.
[[nodiscard]] std::vector<double> cmc(std::span<Search const> searches, std::size_t most, Weights weights = {});

/// An operating point of a search: somebody is named when the nearest person is within the threshold.
struct OpenSetPoint {
    double threshold = 0;
    double fpir = 0;  ///< share of strangers for whom anybody is named
    double fnir = 0;  ///< share of enrolled ones who are not named: not nearest, or too far, or no face found. Rank 1 counts
};

/// The largest threshold that names somebody for at most floor(fpir * n) of n strangers, for each of `fpirs`. Strangers are the
/// searches that are not mated, their distance is `other`.
[[nodiscard]] std::vector<OpenSetPoint> at_fpirs(std::span<Search const> searches, std::span<double const> fpirs,
                                                 Weights weights = {});

[[nodiscard]] OpenSetPoint open_set_at(std::span<Search const> searches, double threshold, Weights weights = {});

}  // namespace bioctl::eval
