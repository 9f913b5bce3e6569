#pragma once
// Stretches of time and what remains of them: the arithmetic behind availability.

#include <chrono>
#include <vector>

#include "lib/base/clock.hpp"

namespace bioctl::ont {

/// since <= time < until
struct Interval {
    Timestamp since{}, until{};
    friend bool operator==(Interval const&, Interval const&) = default;
};

/// Sorted, without overlaps, without empty ones: what the functions below give, and take.
using Intervals = std::vector<Interval>;

/// Any intervals in any order, made so. Those that end before they begin are left out.
[[nodiscard]] Intervals united(Intervals intervals);
[[nodiscard]] Intervals common(Intervals const& a, Intervals const& b);
[[nodiscard]] Intervals without(Intervals const& from, Intervals const& taken);
[[nodiscard]] std::chrono::milliseconds length_of(Intervals const& intervals);

/// How a line, or several together, did in a stretch of time.
struct Availability {
    std::chrono::milliseconds covered{};   ///< watched, and not in maintenance
    std::chrono::milliseconds down{};      ///< of that
    int outages = 0;                       ///< that touch it
    std::chrono::milliseconds repaired{};  ///< sum of the durations of the outages that have ended
    int repairs = 0;                       ///< their number

    /// 0..1; 1 where nothing was covered has no meaning: look at `covered` first.
    [[nodiscard]] double share() const;
    /// Mean time to repair, of the outages that have ended; zero if none has.
    [[nodiscard]] std::chrono::milliseconds mttr() const;
    /// Mean time between failures: covered time that was not down, for each outage; zero if there was none.
    [[nodiscard]] std::chrono::milliseconds mtbf() const;

    Availability& operator+=(Availability const& other);
};

struct OutageSpan {
    Timestamp since{};
    Timestamp until{};  ///< of one that goes on: now
    bool is_over = true;
};

/// Of one line: `watched` are the times it was asked, `excluded` its maintenance. Outages outside of both do not count; one that
/// began before still counts for the part inside.
[[nodiscard]] Availability availability_of(Intervals const& watched, Intervals const& excluded,
                                           std::vector<OutageSpan> const& outages);

}  // namespace bioctl::ont
