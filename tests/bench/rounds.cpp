#include "tests/bench/rounds.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace bioctl::bench {

double thread_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

Spread spread_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return {values[values.size() / 2], values.front(), values.back()};
}

void print_row(std::string const& work, Spread const& ours, Spread const& peer, double limit_share) {
    std::printf("%s\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t", work.c_str(), ours.median, ours.least, ours.most, peer.median,
                peer.least, peer.most);
    if (limit_share >= 0) {
        std::printf("%.4f\n", limit_share);
    } else {
        std::printf("-\n");
    }
}

}  // namespace bioctl::bench
