#pragma once
// Times as people write and read them.

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/clock.hpp"
#include "lib/base/result.hpp"

namespace bioctl::app {

/// "30s", "10m", "2h", "3d", "1w"; none for anything else.
[[nodiscard]] std::optional<std::chrono::seconds> parse_span(std::string_view text);

/// A time zone of the system's database, such as Asia/Jakarta. Thread-safe.
class Zone {
public:
    /// Throws Error{config} if the system does not know it.
    explicit Zone(std::string_view name);

    /// "2026-11-21 07:15:00", local time of the zone.
    [[nodiscard]] std::string show(Timestamp time) const;

    /// "2026-11-21T07:15:00+07:00", as terminals write it.
    [[nodiscard]] std::string local_rfc3339(Timestamp time) const;

    /// What the clocks of the zone are ahead of UTC at this time.
    [[nodiscard]] std::chrono::minutes offset(Timestamp time) const;

    /// RFC 3339 with an offset or Z; "2026-11-21" and "2026-11-21 07:15[:30]" in this zone (an hour that summer time skips or
    /// repeats: the first moment that fits); "90s", "15m", "2h", "3d", "1w" before now; "now", "today", "yesterday". Kind::usage
    /// otherwise.
    [[nodiscard]] Result<Timestamp> parse(std::string_view text, Timestamp now) const;

private:
    void const* m_zone;  // date::time_zone, which the database owns
};

}  // namespace bioctl::app
