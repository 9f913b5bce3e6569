#pragma once
// What is told to people: that something is down, back again, or wants to be looked at. Stored as JSON; channels make text of it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/base/result.hpp"

namespace bioctl::notify {

struct Notification {
    std::string type = "info";         ///< success, info, warning, error
    std::string cause{};               ///< what it is about, for filters and programs: "ont:12", "router:3", "test"
    std::string title{};               ///< one line
    std::vector<std::string> lines{};  ///< details, one line each; the last may be "and 12 more"
    std::optional<Timestamp> started_at{}, ended_at{};
    std::vector<std::pair<std::string, std::int64_t>> counts{};  ///< "down": 12; names in snake_case
};

[[nodiscard]] bool is_notification_type(std::string_view type);

/// {"type": "notification", "severity" (the notification's type), "cause", "title", "lines", "started_at", "ended_at", "counts"};
/// a time that is not known is null.
[[nodiscard]] std::string to_json(Notification const& notification);

/// The inverse. A message device_state (device_state.hpp) becomes a notification too, with the cause "device:<name>". Kind::data
/// for anything else, for more than 1 MB, and for more than 10 000 lines.
[[nodiscard]] Result<Notification> notification_from_json(std::string_view json);

/// Title, an empty line, the lines: without control characters, without a line feed at the end.
[[nodiscard]] std::string to_text(Notification const& notification);

/// The same within a number of UTF-16 units, the way Telegram counts. Lines are left out from the end, and "and 7 more" says how
/// many, together with those that such a line counted already; a title that is too long ends in an ellipsis.
[[nodiscard]] std::string to_text(Notification const& notification, std::size_t utf16_units);

/// `text` is valid UTF-8: U+10000 and beyond count as two.
[[nodiscard]] std::size_t utf16_length(std::string_view text);

}  // namespace bioctl::notify
