#include "lib/app/quiet_hours.hpp"

#include <optional>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

/// Of "06:30".
std::optional<std::chrono::minutes> minutes_of(std::string_view text) {
    auto const digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 100; };
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    auto const hours = 10 * digit(0) + digit(1), minutes = 10 * digit(3) + digit(4);
    if (hours > 23 || minutes > 59) return std::nullopt;
    return std::chrono::minutes{60 * hours + minutes};
}

}  // namespace

Result<QuietHours> parse_quiet_hours(std::string_view text) {
    auto const dash = text.find('-');
    auto const begin = minutes_of(text.substr(0, dash));
    auto const end = dash == std::string_view::npos ? std::nullopt : minutes_of(text.substr(dash + 1));
    if (!begin || !end)
        return failure(Kind::usage, fmt::format("quiet hours '{}' must be written 22:00-06:00, or off", printable(text)));
    if (*begin == *end)
        return failure(Kind::usage, "quiet hours begin and end at different times; a target that is never told is disabled");
    return QuietHours{*begin, *end};
}

bool is_quiet(std::string_view hours, Timestamp now, Zone const& zone) {
    auto const quiet = parse_quiet_hours(hours);
    if (!quiet) return false;
    constexpr std::size_t k_time_begin = 11, k_time_length = 5;  // of "2026-11-21 07:15:00"
    auto const time = minutes_of(zone.show(now).substr(k_time_begin, k_time_length));
    if (quiet->begin < quiet->end) return time >= quiet->begin && time < quiet->end;
    return time >= quiet->begin || time < quiet->end;
}

}  // namespace bioctl::app
