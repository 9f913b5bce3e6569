#pragma once
// The event log of one terminal: the ground truth that a client is measured against. Events are made from a seed and kept in 32
// bytes each; names and pictures are computed when asked for. Dossier sections 3 to 5.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/hik_sim/device_clock.hpp"
#include "tests/support/hik_sim/quirks.hpp"

namespace bioctl::hik_sim {

constexpr std::uint16_t k_nobody = 0;

struct Event {
    std::int64_t serial = 0;
    UnixTime time = 0;
    std::uint32_t row = 0;  ///< place in the order of arrival; never used twice, not even after a reset
    std::uint16_t minor = 0;
    std::uint16_t person = k_nobody;
    std::uint8_t major = 0;
    bool has_picture = false;
};

/// How many events, and over which time they are spread, the last one at the end.
struct Batch {
    std::uint32_t count = 0;
    UnixTime first = 0;
    UnixTime last = 0;
};

class EventLog {
public:
    explicit EventLog(std::uint64_t seed) : m_seed(seed) {}

    /// The quirks that shape serials and times count at this moment.
    void append(Batch const& batch, QuirkSet const& quirks);
    /// Factory reset: empty, serials start at 1, another epoch.
    void wipe();

    [[nodiscard]] std::size_t size() const { return m_events.size(); }
    /// 0 until the first wipe.
    [[nodiscard]] unsigned epoch() const { return m_epoch; }
    [[nodiscard]] std::span<Event const> by_arrival() const { return m_events; }
    /// The nth of the oldest-first order; events of the same second keep the order of arrival.
    [[nodiscard]] Event const& by_time(std::size_t n) const { return m_events[m_by_time[n]]; }
    /// Index in by_time of the first event at or after `time`.
    [[nodiscard]] std::size_t first_at(UnixTime time) const;
    /// nullptr if that row was never made or has been wiped.
    [[nodiscard]] Event const* find_row(std::uint32_t row) const;
    [[nodiscard]] std::uint64_t seed() const { return m_seed; }

private:
    void index_from(std::size_t first_new);

    std::uint64_t m_seed;
    unsigned m_epoch = 0;
    std::uint32_t m_first_row = 0;
    std::int64_t m_next_serial = 0;  ///< 0: not chosen yet
    std::vector<Event> m_events;
    std::vector<std::uint32_t> m_by_time;
};

/// Who event.person is, in the words of this terminal. Both are empty for k_nobody.
[[nodiscard]] std::string employee_no(std::uint16_t person, QuirkSet const& quirks);
[[nodiscard]] std::string person_name(std::uint16_t person);

/// What the terminal calls the picture of an event: "/LOCALS/pic/acsLinkCap/202609_00/01_172753_30075_0.jpeg@WEB000000000011".
[[nodiscard]] std::string picture_path(Event const& event, DeviceClock const& clock);
/// The row in the name of a picture; std::nullopt if it is no such name.
[[nodiscard]] std::optional<std::uint32_t> row_of_picture(std::string_view path);
/// 2 to 30 kB between a JPEG's first and last markers.
[[nodiscard]] std::string picture_bytes(std::uint64_t seed, std::uint32_t row);

}  // namespace bioctl::hik_sim
