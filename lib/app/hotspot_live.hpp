#pragma once
// Who is logged in right now, asked of the routers themselves.

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "lib/app/hotspot.hpp"
#include "lib/app/routers.hpp"

namespace bioctl::app {

struct LiveHotspot {
    store::Router router{};
    HotspotSnapshot snapshot{};
    std::optional<Error> error{};  ///< with the name of the router
};

/// In the order of `routers`, which are asked at the same time. One login each, none where the last one was refused; what
/// failures teach is stored, the users are not.
[[nodiscard]] std::vector<LiveHotspot> ask_hotspots(store::Store& store, Clock const& clock, SealKey const& key,
                                                    std::vector<store::Router> const& routers, ont::RouterTimes const& times,
                                                    std::chrono::steady_clock::time_point deadline,
                                                    std::function<bool()> const& should_stop);

}  // namespace bioctl::app
