#pragma once
// The whole file of the store, written anew.

#include <cstdint>
#include <filesystem>

#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

struct VacuumRoom {
    std::uint64_t free_pages_bytes = 0;  ///< what comes free, or a little more
    /// A copy of what is used, and the log that holds it until it is written back.
    std::uint64_t wanted = 0;
    std::uint64_t available = 0;
};

[[nodiscard]] VacuumRoom room_for_vacuum(store::Store& store);

/// Returns how many bytes the file is shorter. Throws Error: io if there is not the room, before anything is done; busy while
/// another process writes all through the busy time-out. The store is then as it was.
std::uint64_t vacuum_store(store::Store& store);

/// Copies the file as it is, of whatever older schema, to <folder>/bioctl-schema5-20261122T051500Z.db. Throws Error as
/// Store::open and Upkeep::copy_to(); nothing is left then.
fs::path copy_store_as_it_is(fs::path const& file, fs::path const& folder, int version, Clock const& clock);

}  // namespace bioctl::app
