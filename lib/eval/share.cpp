#include "lib/eval/share.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lib/base/error.hpp"

namespace bioctl::eval {

namespace {

constexpr double k_rule_of_three = 3;

}  // namespace

Share share(std::size_t count, std::size_t trials) {
    if (trials == 0) return {};
    constexpr double z = 1.959964;
    auto const n = static_cast<double>(trials);
    double const p = static_cast<double>(count) / n;
    double const middle = p + z * z / (2 * n);
    double const spread = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    double const scale = 1 + z * z / n;
    return {p, {std::max(0.0, (middle - spread) / scale), std::min(1.0, (middle + spread) / scale)}, count, trials};
}

std::size_t trials_needed(double rate) {
    if (!(rate > 0) || rate > 1) throw Error{Kind::usage, "a rate is above 0 and at most 1"};
    // 3 / 1e-3 is 3000.0000000000005 for some rates: that is no reason to ask for one more.
    auto const needed = std::ceil(k_rule_of_three / rate * (1 - 1e-12));
    constexpr double k_countless = 9223372036854775808.0;  // 2^63
    return needed < k_countless ? static_cast<std::size_t>(needed) : std::numeric_limits<std::size_t>::max();
}

double rule_of_three(std::size_t trials) {
    return trials == 0 ? 1 : std::min(1.0, k_rule_of_three / static_cast<double>(trials));
}

}  // namespace bioctl::eval
