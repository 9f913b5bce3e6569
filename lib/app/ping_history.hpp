#pragma once
// How a line did over time: rounds as they were for some days, then ever coarser buckets.

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "lib/app/store_writer.hpp"
#include "lib/base/clock.hpp"

namespace bioctl::app {

// For how long history is kept; buckets of a day are kept for ever.
inline constexpr std::chrono::hours k_rounds_kept{7 * 24}, k_five_minutes_kept{90 * 24}, k_hours_kept{731 * 24};

/// Kept: rounds 7 days, buckets of 5 minutes 90 days, of an hour 2 years, of a day for ever. Buckets begin at multiples of their
/// length in UTC.
enum class Tier { round, five_minutes, hour, day };

[[nodiscard]] std::chrono::seconds length_of(Tier tier);  ///< zero for rounds
/// The finest one that shows a stretch of time in some hundred points.
[[nodiscard]] Tier usual_tier(std::chrono::milliseconds span);

struct HistoryPoint {
    Timestamp since{};
    int asked = 0, lost = 0;
    /// Of what was answered, microseconds; all of them or none. In a round they are the same.
    std::optional<double> least_us{}, mean_us{}, p95_us{}, most_us{};
};

/// Points of an ONT in [since, until), by time. Stretches in which it was not asked have none. Within a transaction.
[[nodiscard]] std::vector<HistoryPoint> history_of(store::Store& store, std::int64_t ont, Timestamp since, Timestamp until,
                                                   Tier tier);

/// Packs the days (UTC) that are over into buckets and drops what is kept no longer; cheap when there is nothing to do. Killed at
/// any moment, it does the day again. Returns the number of days packed.
int pack_history(StoreWriter& writer, Timestamp now);

/// Where the bucket lies that a time falls into, and the chunk of buckets that is one row of the store.
struct ChunkPlan {
    std::chrono::seconds bucket{};
    std::chrono::hours chunk{};
};
[[nodiscard]] ChunkPlan plan_of(Tier tier);  ///< not of rounds
[[nodiscard]] Timestamp floor_to(Timestamp time, std::chrono::milliseconds length);

}  // namespace bioctl::app
