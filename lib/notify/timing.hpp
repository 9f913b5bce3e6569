#pragma once
// When a target wants to be told: not at night, and not of what passes by itself.

#include <chrono>
#include <optional>
#include <string_view>

#include "lib/base/result.hpp"

namespace bioctl::notify {

/// A stretch of each day, in local time. May go over midnight; never empty.
struct QuietHours {
    std::chrono::minutes from{}, to{};  ///< since midnight, below 24 h; `to` is the first that is not quiet any more
    [[nodiscard]] bool holds(std::chrono::minutes since_midnight) const;
};

/// "22:00-06:00". Kind::usage otherwise.
[[nodiscard]] Result<QuietHours> parse_quiet_hours(std::string_view text);

/// "30s", "10m", "2h", "1d", or seconds; at most a week. Kind::usage otherwise.
[[nodiscard]] Result<std::chrono::seconds> parse_delay(std::string_view text);

}  // namespace bioctl::notify
