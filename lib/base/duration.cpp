#include "lib/base/duration.hpp"

#include <cstdint>

#include <fmt/format.h>

namespace bioctl {

std::string human_duration(std::chrono::milliseconds time) {
    auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
    constexpr std::int64_t k_minute = 60, k_hour = 60 * k_minute, k_day = 24 * k_hour;
    if (seconds < k_minute) return fmt::format("{} s", seconds);
    if (seconds < k_hour) return fmt::format("{} min", seconds / k_minute);
    if (seconds < k_day) return fmt::format("{} h {} min", seconds / k_hour, seconds % k_hour / k_minute);
    return fmt::format("{} d {} h", seconds / k_day, seconds % k_day / k_hour);
}

}  // namespace bioctl
