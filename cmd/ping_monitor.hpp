#pragma once
// The part of ping-onts that watches the ONTs of the store: once for cron, or as a service.

#include <optional>
#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "lib/ont/sweep.hpp"

namespace CLI {
class App;
}

namespace bioctl::cmd {

struct MonitorOptions {
    bool once = false, follow = false, hotspot = false, no_deliver = false;
    std::vector<std::string> onts, groups, locations, guards;
    std::optional<std::string> down, up;
    int interval = 60;        ///< seconds
    double parent_rate = 50;  ///< probes a second below one parent; 0 = no limit

    [[nodiscard]] bool is_wanted() const {
        return once || follow || hotspot || !onts.empty() || !groups.empty() || !locations.empty();
    }
};

void add_monitor(CLI::App& verb, MonitorOptions& o);

/// Exit status: 0 all are up, 1 some are down, 3 of some nothing is known. Throws Error{busy} if another process watches.
int run_monitor(MonitorOptions const& o, ont::SweepRules const& sweep, ont::IcmpOptions const& icmp, ont::Wanted family,
                Context& cx);

}  // namespace bioctl::cmd
