#pragma once
// Reads what is new in a terminal's event log, page by page, so that nothing is missed and a kill at any moment costs one page.
//
// Rows come in the order of their time, not of their serial. So the place reached is a time: what is older has been seen. Each read
// starts a little before it (overlap), for rows that the device wrote late. A second search, by serial, finds rows whose time lies
// further back (a clock that was set back), where the firmware takes serials. Rows seen twice are recognised by the store.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "lib/hikvision/terminal.hpp"

namespace bioctl::hikvision {

/// How far a device has been read.
struct Place {
    Timestamp time{};         ///< every row up to here is stored; never after the device's own now
    std::int64_t serial = 0;  ///< the highest seen in this epoch; 0 = none
};

/// What a device was found to take. Kept between passes, so that a refused filter is asked for once.
struct Dialect {
    EventFilter filter{5, 0};
    bool has_serial_range = true;
    int max_results = 30;
};

struct ReadRules {
    WindowStyle style = WindowStyle::device;
    std::chrono::seconds overlap{90};
    Timestamp since{};                   ///< a device without a place starts here
    std::optional<Timestamp> until{};    ///< rows after it are left for another time
    std::int64_t max_rows = 0;           ///< 0 = no limit; the page in hand is finished
};

/// What the taker of a page wants next.
enum class Next { more, stop };

struct Batch {
    EventPage page;
    Place reached;  ///< to be stored together with the rows, in one transaction
};

struct ReadReport {
    std::int64_t rows = 0;
    int pages = 0, unusable = 0;
    Dialect dialect;  ///< as it is now known
    bool is_complete = false;
};

/// Calls `take` for every page, in order, and asks for the next only when it has returned. Failures leave everything taken so far.
Outcome<ReadReport> read_events(Terminal& terminal, DeviceTime const& device, Place const& place, Dialect const& dialect,
                                ReadRules const& rules, std::function<Next(Batch const&)> const& take);

}  // namespace bioctl::hikvision
