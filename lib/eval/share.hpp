#pragma once
// Shares of trials, and how many trials a claim about a share takes.

#include <cstddef>

namespace bioctl::eval {

/// 95 %, everywhere.
struct Interval {
    double low = 0, high = 0;
};

/// A share of n trials with its Wilson interval. For independent trials.
struct Share {
    double value = 0;
    Interval interval;
    std::size_t errors = 0, trials = 0;
};
/// Zeros without trials.
[[nodiscard]] Share share(std::size_t count, std::size_t trials);

/// The rule of 3 (ISO/IEC 19795-1, Annex B): after n trials without an error the rate is below 3/n with 95 % confidence. So fewer
/// trials than this cannot support the claim that a rate is below `rate`. The largest number there is for a rate that no sample
/// shows. Error{usage} unless 0 < rate <= 1.
[[nodiscard]] std::size_t trials_needed(double rate);

/// The upper end after n trials without an error, at most 1.
[[nodiscard]] double rule_of_three(std::size_t trials);

}  // namespace bioctl::eval
