#pragma once
// What people are told: as JSON for programs, as text for a chat or a mail. Bodies come back from the store and are read with
// care.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/base/result.hpp"

namespace bioctl::notify {

struct Notification {
    std::string level = "info";        ///< success, info, warning, error
    std::string cause{};               ///< the same for all that is told of one thing: "parent:12"
    std::string title{};               ///< one line
    std::vector<std::string> lines{};  ///< one line each
    std::optional<Timestamp> started_at{}, ended_at{};
    std::int64_t count = 0;  ///< of what it tells: 120 lines that are down
};

[[nodiscard]] bool is_level(std::string_view word);

/// {"type": "notification", "level", "cause", "title", "lines", "started_at", "ended_at", "count"}; times in UTC, null if
/// unknown.
[[nodiscard]] std::string to_json(Notification const& notification);

/// Reads a message of the outbox: a notification, or a device_state, which is told as one. Kind::data if it is neither, or larger
/// than any of ours. Line feeds and control characters within a line become blanks.
[[nodiscard]] Result<Notification> parse_notification(std::string_view json);

/// Title, empty line, lines; no line feed at the end.
[[nodiscard]] std::string to_text(Notification const& notification);

/// The same in at most `most_units` UTF-16 units (1 to 4096, as Telegram counts). Lines that find no room are counted in a last
/// line "and 17 more"; if the last line says so already, its number is added. A title that is too long itself is cut.
[[nodiscard]] std::string to_text(Notification const& notification, std::size_t most_units);

/// Of valid UTF-8.
[[nodiscard]] std::size_t utf16_units(std::string_view text);

}  // namespace bioctl::notify
