#pragma once
// What the store holds and how the peers are doing, in numbers: for monitoring.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

/// Read in one snapshot. Maps have every state there can be, so that a series does not come and go.
struct Figures {
    struct Oldest {
        std::string target;
        Timestamp queued_at{};
    };
    struct LastSync {
        std::string device;
        Timestamp at{};  ///< 0: never
        std::int64_t backlog = 0;
    };

    std::int64_t people = 0;
    std::map<std::string, std::int64_t> templates;                           ///< by contract
    std::map<std::string, std::int64_t> devices, onts, routers;              ///< by state; "disabled" is one, too
    std::map<std::string, std::int64_t> events;                              ///< by kind: recognized, other
    std::map<std::pair<std::string, std::string>, std::int64_t> deliveries;  ///< by target and state
    std::vector<Oldest> oldest_pending;                                      ///< by target; only where something waits
    std::vector<LastSync> syncs;                                             ///< of terminals that are enabled
    std::int64_t outages_open = 0, outages_unacknowledged = 0, alerts_open = 0, unread_notifications = 0;
    std::optional<Timestamp> last_round{};
    std::int64_t last_round_ms = 0;
    std::optional<Timestamp> last_backup{};        ///< when `store backup` ended, by the audit log
    std::uint64_t store_bytes = 0, log_bytes = 0;  ///< of the file, and of its write-ahead log
};

/// `known`: figures from a moment ago, whose events and deliveries are taken over. To count them, each one has to be looked at: a
/// quarter of a second for a million.
[[nodiscard]] Figures figures_of(store::Store& store, Figures const* known = nullptr);

}  // namespace bioctl::app
