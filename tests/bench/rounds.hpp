#pragma once
// What programs that measure share: a clock that others' work does not move, and a line that the runner reads.

#include <cstddef>
#include <string>
#include <vector>

namespace bioctl::bench {

/// Milliseconds of processor time of the calling thread.
[[nodiscard]] double thread_ms();

struct Spread {
    double median = 0, least = 0, most = 0;
};

/// values must not be empty; of an even number the upper of the two in the middle.
[[nodiscard]] Spread spread_of(std::vector<double> values);

/// One line for rows.py: work, ours (median, least, most), the peer's, both in milliseconds, and which share of the machine's
/// measured limit ours reaches (0..1; below 0 = none is meant, printed as -), separated by tabs.
void print_row(std::string const& work, Spread const& ours, Spread const& peer, double limit_share);

}  // namespace bioctl::bench
