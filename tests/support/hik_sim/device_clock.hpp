#pragma once
// A terminal's clock: off by some seconds, in an offset of its own, and how it writes times. Dossier sections 2 and 3.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/hik_sim/quirks.hpp"

namespace bioctl::hik_sim {

/// Seconds since 1970, UTC.
using UnixTime = std::int64_t;

/// "+07:00" as minutes. std::nullopt if it is not an offset.
[[nodiscard]] std::optional<int> parse_offset(std::string_view text);
[[nodiscard]] std::string format_offset(int minutes);

/// What a search window says: a wall-clock reading, and the offset if one was written.
struct WindowTime {
    UnixTime wall = 0;  ///< as if it were UTC
    std::optional<int> offset_minutes{};
};

/// "2026-09-01T00:00:00-04:00", also with Z and without offset. std::nullopt if it is nothing like that.
[[nodiscard]] std::optional<WindowTime> parse_window_time(std::string_view text);

class DeviceClock {
public:
    /// With dst-change, the last hour was added at `change`.
    DeviceClock(QuirkSet const& quirks, UnixTime change);

    [[nodiscard]] UnixTime now() const;
    [[nodiscard]] int offset_minutes_at(UnixTime time) const;
    [[nodiscard]] int offset_minutes() const { return m_offset; }
    void set_offset(int minutes) { m_offset = minutes; }
    void jump(std::int64_t seconds) { m_ahead += seconds; }

    /// As events carry it: "2026-09-01T17:27:53-04:00".
    [[nodiscard]] std::string format(UnixTime time) const;
    /// Local time without offset, by a strftime pattern.
    [[nodiscard]] std::string format_local(UnixTime time, char const* pattern) const;
    /// POSIX with its inverted sign: "CST-7:00:00".
    [[nodiscard]] std::string posix_zone() const;

private:
    int m_offset;
    std::int64_t m_ahead;
    std::optional<UnixTime> m_change;
};

}  // namespace bioctl::hik_sim
