#pragma once
// Retention: events and pictures by age, pictures by size.

#include <optional>

#include "lib/app/workspace.hpp"
#include "lib/store/events.hpp"

namespace bioctl::app {

struct PruneRules {
    std::optional<Timestamp> events_before, pictures_before;
    std::optional<Timestamp> unknown_before{};  ///< pictures of events in which nobody was recognised
    std::optional<std::uint64_t> max_picture_bytes;
};

struct PruneReport {
    std::int64_t events = 0, pictures = 0;
    std::int64_t waiting = 0;  ///< old events that a delivery still waits for: they stay
    std::uint64_t bytes = 0;   ///< of the pictures
};

/// Rows first, files after the commit: an interruption leaves files that the next run deletes (media_sweep.hpp), never a row
/// whose picture is gone unnoticed.
PruneReport prune_events(store::Store& store, fs::path const& media_dir, PruneRules const& rules, Mode mode);

}  // namespace bioctl::app
