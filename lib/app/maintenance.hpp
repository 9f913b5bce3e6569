#pragma once
// Maintenance windows: when they are, and for whom. The functions below the first part look at nothing but their arguments.
//
// A window begins at a wall time of its zone, once or each day or each week from then on, and lasts `duration_s` of elapsed time:
// a window of 4 h that summer time falls into ends an hour later, or earlier, on the clock of the wall, but the work is given its
// 4 h. A wall time that does not exist (clocks go forward) moves forward by the gap: 02:30 is 03:30. One that comes twice is the
// first.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/workspace.hpp"
#include "lib/ont/intervals.hpp"
#include "lib/store/maintenance.hpp"
#include "lib/store/onts.hpp"

namespace bioctl::app {

struct MaintenanceWish {
    std::string scope = "all";  ///< all, ont, parent, location, group
    std::string value{};        ///< ont and parent: as require_ont() reads it
    std::string start{};        ///< "2026-12-01T22:00" or with a blank for the T: wall time of the zone
    std::string duration{};     ///< as parse_duration() reads it
    std::string zone{};         ///< IANA name
    std::string repeat = "once";
    std::string until{};  ///< "2026-12-31": last day on which it may begin; "" = for ever
    std::string reason{};
};

/// Throws Error{usage} naming the field and what it may be: a duration from 1 minute to 366 days that is not longer than the time
/// to the next repetition, an `until` not before the start and only for what repeats; {config} for an unknown zone; as
/// require_ont().
store::Maintenance add_maintenance(store::Store& store, Clock const& clock, MaintenanceWish const& wish, Mode mode = Mode::write);

/// All of them or, if one is not there (Error{no_input}), none. Returns what they were.
std::vector<store::Maintenance> remove_maintenance(store::Store& store, Clock const& clock, std::vector<std::int64_t> const& ids);

/// "4h", "90m", "1h30m", "2d", "45s": seconds. Kind::usage otherwise.
[[nodiscard]] Result<std::int64_t> parse_duration(std::string_view text);
/// "4h", "1h30m": the inverse.
[[nodiscard]] std::string to_duration(std::int64_t seconds);

using ont::Interval;

/// When the window is in force inside [from, to), ascending; what touches is one interval. Of a longer range only the first 200
/// years are looked at: the work is bounded by 73 000 days. Throws Error{config} if the system does not know the zone any more.
[[nodiscard]] std::vector<Interval> intervals_of(store::MaintenanceConfig const& window, Timestamp from, Timestamp to);

/// Whether the window is in force at this moment; looks at three of its days at most.
[[nodiscard]] bool is_active(store::MaintenanceConfig const& window, Timestamp at);

/// The first beginning at or after `from`, if there is one.
[[nodiscard]] std::optional<Timestamp> next_start(store::MaintenanceConfig const& window, Timestamp from);

/// An ONT as windows look at it.
struct MaintenanceSubject {
    std::int64_t id = 0;
    std::vector<std::int64_t> parents{};  ///< what it hangs on, and what that hangs on, up to the top
    std::string location{};
    std::vector<std::string> tags{};
};
[[nodiscard]] std::vector<MaintenanceSubject> subjects_of(std::span<store::Ont const> onts);  ///< in the same order

/// all: every ONT; ont: that one; parent: that one and all below it; location, group: without regard to ASCII case.
[[nodiscard]] bool covers(store::MaintenanceConfig const& window, MaintenanceSubject const& subject);

/// For many ONTs at one moment: choose the windows that are active first, then ask covers().
[[nodiscard]] bool is_in_maintenance(std::span<store::Maintenance const> windows, MaintenanceSubject const& subject,
                                     Timestamp at);

}  // namespace bioctl::app
