#include "lib/notify/timing.hpp"

#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::notify {

namespace {

/// "06:05", two digits each.
std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    int hour = -1, minute = -1;
    auto const hours = std::from_chars(text.data(), text.data() + 2, hour);
    auto const minutes = std::from_chars(text.data() + 3, text.data() + 5, minute);
    bool const is_read = hours.ptr == text.data() + 2 && minutes.ptr == text.data() + 5;
    if (!is_read || hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
    return std::chrono::hours{hour} + std::chrono::minutes{minute};
}

std::optional<std::int64_t> seconds_of(std::string_view unit) {
    if (unit.empty() || unit == "s") return 1;
    if (unit == "m") return 60;
    if (unit == "h") return 3600;
    if (unit == "d") return 86'400;
    return std::nullopt;
}

}  // namespace

bool QuietHours::holds(std::chrono::minutes since_midnight) const {
    return from < to ? since_midnight >= from && since_midnight < to : since_midnight >= from || since_midnight < to;
}

Result<QuietHours> parse_quiet_hours(std::string_view text) {
    auto const dash = text.find('-');
    auto const from = time_of_day(text.substr(0, dash));
    auto const to = dash == std::string_view::npos ? std::nullopt : time_of_day(text.substr(dash + 1));
    if (!from || !to || *from == *to)
        return failure(Kind::usage, fmt::format("quiet hours '{}' are written as 22:00-06:00, or off", printable(text)));
    return QuietHours{*from, *to};
}

Result<std::chrono::seconds> parse_delay(std::string_view text) {
    constexpr std::int64_t k_week = 7 * 86'400;
    std::int64_t number = -1;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    auto const unit = seconds_of(text.substr(static_cast<std::size_t>(end - text.data())));
    if (error != std::errc{} || !unit || number < 0 || number > k_week || number * *unit > k_week)
        return failure(Kind::usage, fmt::format("'{}' is written as 30s, 10m or 2h, and is at most 7d", printable(text)));
    return std::chrono::seconds{number * *unit};
}

}  // namespace bioctl::notify
