#pragma once
// The hours of a day in which a target is not told.

#include <chrono>
#include <string_view>

#include "lib/app/moment.hpp"
#include "lib/base/result.hpp"

namespace bioctl::app {

/// From `begin` up to `end`, local time, minutes after midnight, 0 to 1439. An end before the begin is on the next day; they
/// differ.
struct QuietHours {
    std::chrono::minutes begin{}, end{};
};

/// "22:00-06:00". Kind::usage otherwise.
[[nodiscard]] Result<QuietHours> parse_quiet_hours(std::string_view text);

/// Whether they are now, by the wall clock of the zone. "" is never, and what cannot be parsed is never, too: nobody is kept
/// waiting by a value that a newer version wrote.
[[nodiscard]] bool is_quiet(std::string_view hours, Timestamp now, Zone const& zone);

}  // namespace bioctl::app
