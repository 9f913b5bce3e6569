#pragma once
// What the hotspots' history is cut back to, so that it does not grow for ever.

#include "lib/app/store_writer.hpp"
#include "lib/base/clock.hpp"

namespace bioctl::app {

inline constexpr std::chrono::hours k_counts_kept_whole{90 * 24}, k_hotspot_kept{730 * 24};

/// Kept: each count of users 90 days, then for each router that of the first moment of an hour 2 years; sessions 2 years after
/// somebody was last seen in them. Sessions that another program posted end when it was silent for 15 minutes. Cheap when there
/// is nothing to do; at most some days' worth at once. Killed at any moment, it does the day again.
void prune_hotspot(StoreWriter& writer, Timestamp now);

}  // namespace bioctl::app
