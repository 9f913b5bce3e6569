#pragma once
// Reads what is new in a terminal's event log, page by page, so that nothing is missed and a kill at any moment costs two pages.
//
// Rows come in the order of their time, not of their serial. So the place reached is a time: what is older has been seen. Each
// read starts a little before it (overlap), for rows that were written late. Where the firmware takes serials, a count of all
// rows above the highest known serial shows whether one was missed, for instance because the device's clock was set back; if so,
// they are read by serial. Rows seen twice are recognised by the store.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "lib/hikvision/terminal.hpp"

namespace bioctl::hikvision {

/// How far a device has been read.
struct Place {
    Timestamp time{};         ///< every row older than this is stored; 0 = never read
    std::int64_t serial = 0;  ///< every row up to this one in this epoch is stored; 0 = unknown
};

/// What a device was found to take. Kept between passes, so that a refused filter is asked for once.
struct Dialect {
    EventFilter filter{5, 0};
    bool has_serial_range = true;
    int max_results = 30;
    friend bool operator==(Dialect const&, Dialect const&) = default;
};

struct ReadRules {
    WindowStyle style = WindowStyle::device;
    std::chrono::seconds overlap{90};
    /// The overlap where the firmware takes no serials: the only net for late rows.
    std::chrono::seconds long_overlap{900};
    Timestamp since{};                 ///< a device without a place starts here
    std::optional<Timestamp> until{};  ///< rows after it are left for another time
};

struct Batch {
    EventPage page;
    std::int64_t left = 0;  ///< matches of this search that are still to come, as far as the device tells
    Timestamp
        reached{};  ///< to be stored together with the rows, in one transaction; never moves back, never after the device's now
};

/// What the taker of a batch wants next.
enum class Next { more, stop };

struct ReadReport {
    std::int64_t rows = 0;
    int pages = 0, unusable = 0;
    std::int64_t missed = 0;  ///< rows that only the search by serial brought
    Timestamp reached{};      ///< as in the last batch, or further
    /// Everything was read: the taker's highest serial may become the place's. False if the taker stopped.
    bool is_complete = false;
};

using Search = std::function<Outcome<EventPage>(EventQuery const&)>;
using Take = std::function<Next(Batch const&)>;

/// Calls `take` for every page, in order, and asks for the next only when it has returned. `dialect` is corrected on the way,
/// also when the read fails; what was taken before a failure stays valid.
Outcome<ReadReport> read_events(Search const& search, DeviceTime const& device, Place const& place, Dialect& dialect,
                                ReadRules const& rules, Take const& take);

}  // namespace bioctl::hikvision
