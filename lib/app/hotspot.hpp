#pragma once
// Who is logged in to a router's hotspots, and what became of them since the last time somebody looked.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/ont/router_link.hpp"
#include "lib/store/hotspot.hpp"
#include "lib/store/routers.hpp"

namespace bioctl::app {

/// A row of /ip/hotspot/active; text is UTF-8.
struct ActiveUser {
    std::string id{};  ///< of the router, comes again after the user is gone
    std::string server{}, user{}, ip{}, mac{}, login_by{};
    std::optional<std::int64_t> uptime_s{};
    std::int64_t bytes_in = 0, bytes_out = 0;  ///< of this login; in: from the user to the router
};

struct HotspotSnapshot {
    std::vector<std::string> servers{};  ///< those that are enabled, whether somebody is there or not
    std::vector<ActiveUser> users{};
};

[[nodiscard]] ActiveUser active_user_from(ont::RouterReply const& row);

/// Throws what RouterLink::print() does.
[[nodiscard]] HotspotSnapshot read_hotspot(ont::RouterLink& link, std::chrono::steady_clock::time_point deadline);

struct HotspotChange {
    std::int64_t users = 0, joined = 0, left = 0;
};

/// Compares with the sessions that are open and stores what follows: who came, who left, bytes, and the count of each server. A
/// counter or an uptime that went down, or a start after the session was last seen, is another session. Use inside
/// Store::write().
HotspotChange store_snapshot(store::Store& store, std::int64_t router, HotspotSnapshot const& snapshot, Timestamp now);

}  // namespace bioctl::app
