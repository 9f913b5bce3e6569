#pragma once
// When a delivery is tried again, the same for every channel.

#include <chrono>
#include <optional>
#include <string_view>

#include "lib/base/clock.hpp"

namespace bioctl::notify {

struct RetryRules {
    std::chrono::seconds first{1};
    std::chrono::seconds longest{900};
    double jitter = 0.2;     ///< of the wait, up or down
    int most_doubtful = 10;  ///< tries of what may never succeed (Verdict::doubtful): about nine minutes
};

/// When to try again after `attempts` tries: doubles each time; never before retry_after. `random` in [0, 1).
[[nodiscard]] std::chrono::milliseconds wait_before(int attempts, std::optional<std::chrono::seconds> retry_after,
                                                    RetryRules const& rules, double random);

/// Of Retry-After: seconds, or an HTTP date. From 0 to a day; none if it is neither.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, Timestamp now);

/// Within what a receiver may ask for: 0 to a day.
[[nodiscard]] std::chrono::seconds bounded_wait(std::int64_t seconds);

}  // namespace bioctl::notify
