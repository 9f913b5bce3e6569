#pragma once
// Tells the targets, and the list of notifications, what they have to know of the alerts there are.

#include <optional>

#include "lib/app/moment.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

struct Notices {
    int messages = 0;                     ///< queued now
    std::optional<Timestamp> next_due{};  ///< when there will be more, if nothing changes
};

/// Queues what is due (see notify/digest.hpp) for each enabled target that takes notifications, by its own --after and quiet
/// hours, and adds it to the list. Within a write transaction: what is queued is marked as told, both or neither.
Notices tell_alerts(store::Store& store, Timestamp now, Zone const& zone);

}  // namespace bioctl::app
