#pragma once
// How many hotspot users there were, by hour or by day of the configured zone.

#include <cstdint>
#include <string>
#include <vector>

#include "lib/app/moment.hpp"
#include "lib/store/hotspot.hpp"

namespace bioctl::app {

enum class HotspotSpan { hour, day };

/// What was counted between two times. Empty stretches have no bucket.
struct HotspotBucket {
    Timestamp since{}, until{};
    std::int64_t samples = 0;  ///< moments at which somebody counted
    std::int64_t sum = 0, peak = 0, trough = 0;
    std::int64_t devices = 0;  ///< different hardware addresses

    [[nodiscard]] double average() const { return samples == 0 ? 0.0 : static_cast<double>(sum) / static_cast<double>(samples); }
};

/// `filter.since` and `until` are needed. Users of several routers and servers are added up; a router that was not asked at a
/// moment counts as at its last answer, for at most 15 minutes. Throws Error{usage} for more than 10,000 hours or days.
[[nodiscard]] std::vector<HotspotBucket> hotspot_history(store::Store& store, Zone const& zone, HotspotSpan span,
                                                         store::HotspotFilter const& filter);

}  // namespace bioctl::app
