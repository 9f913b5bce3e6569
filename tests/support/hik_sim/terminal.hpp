#pragma once
// What a terminal is and remembers, apart from its network side.

#include <cstdint>
#include <string>

#include "tests/support/hik_sim/device_clock.hpp"
#include "tests/support/hik_sim/event_log.hpp"
#include "tests/support/hik_sim/quirks.hpp"
#include "tests/support/hik_sim/roster.hpp"

namespace bioctl::hik_sim {

struct Identity {
    std::string name;  ///< "dev-001"
    std::string model;
    std::string serial_number;  ///< begins with the model
    std::string mac;
};

struct Counters {
    std::uint64_t searches = 0;         ///< of events, pages counted one by one
    std::uint64_t continued_pages = 0;  ///< of these, the ones not at position 0
    std::uint64_t pictures_served = 0;
};

struct Terminal {
    Identity identity;
    std::uint64_t seed;
    QuirkSet quirks;
    DeviceClock clock;
    EventLog log;
    Roster roster{};
    Counters counters{};
    std::string base_url{};   ///< known once it listens
    std::string http_host{};  ///< the document last PUT into the push slot; "" until then
    bool are_pictures_gone = false;
};

[[nodiscard]] Identity make_identity(unsigned number, std::uint64_t seed);

}  // namespace bioctl::hik_sim
