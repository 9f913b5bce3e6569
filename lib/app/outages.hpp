#pragma once
// Outages as users manage them: what was is forgotten, but not without a copy.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "lib/base/clock.hpp"
#include "lib/store/outages.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

struct ClearedOutages {
    std::int64_t outages = 0;
    fs::path backup{};  ///< empty if there was nothing to clear
};

/// Writes the outages that have ended, and began before this time, to <folder>/outages-<UTC>.ndjson (mode 0600), then deletes
/// them. `in_transaction` is called with what was cleared. Error of the file: nothing is cleared.
ClearedOutages clear_outages(store::Store& store, Clock const& clock, std::optional<Timestamp> before, fs::path const& folder,
                             std::function<void(ClearedOutages const&)> const& in_transaction = {});

}  // namespace bioctl::app
