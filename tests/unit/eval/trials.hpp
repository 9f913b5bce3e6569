#pragma once
// Scores with known answers.

#include <cmath>
#include <vector>

#include "lib/eval/scores.hpp"

namespace bioctl::test {

inline std::vector<eval::Trial> trials_at(std::vector<float> const& distances) {
    std::vector<eval::Trial> trials;
    for (float const distance : distances)
        trials.push_back({distance, 0, 1});
    return trials;
}

/// The normal distribution's, by bisection of erfc: slow, and right to the last digits.
inline double normal_quantile(double p) {
    double low = -10, high = 10;
    for (int i = 0; i < 100; ++i) {
        double const middle = (low + high) / 2;
        (std::erfc(-middle / std::sqrt(2.0)) / 2 < p ? low : high) = middle;
    }
    return (low + high) / 2;
}

/// n values spread as a normal distribution spreads them, without any chance in it.
inline std::vector<eval::Trial> normal_trials(double mean, std::size_t n) {
    std::vector<eval::Trial> trials;
    for (std::size_t i = 0; i < n; ++i) {
        auto const p = (static_cast<double>(i) + .5) / static_cast<double>(n);
        trials.push_back({static_cast<float>(mean + normal_quantile(p)), 0, 1});
    }
    return trials;
}

}  // namespace bioctl::test
