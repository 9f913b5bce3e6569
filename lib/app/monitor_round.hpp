#pragma once
// What a round works on. Private to the monitor.

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/app/monitor.hpp"
#include "lib/ont/history_code.hpp"
#include "lib/store/alerts.hpp"
#include "lib/store/onts.hpp"
#include "lib/store/outages.hpp"
#include "lib/store/pings.hpp"

namespace bioctl::app {

/// The network as it stands in the store, and what this round finds. The vectors are by node.
struct Round {
    std::vector<store::Ont> onts;
    std::unordered_map<std::int64_t, std::size_t> index;  // of an id
    std::vector<ont::Node> nodes;
    std::vector<bool> has_children;

    std::vector<bool> is_asked;    // chosen, or above one that is, and with a host to ask
    std::vector<bool> is_unasked;  // of these: no probe could leave this machine
    std::vector<ont::NodeSample> samples;
    std::vector<ont::SampleCode> codes;
    std::vector<std::string> reasons;  // why nothing is known of it
    std::vector<ont::NodeVerdict> verdicts;

    Timestamp started_at{};
    std::chrono::milliseconds took{};
    bool is_blind = false;
    std::string reason{};
};

/// Enabled, and with a host to ask.
[[nodiscard]] bool is_watched(store::Ont const& ont);

/// What is in the store now. Within a transaction.
[[nodiscard]] Round load_round(store::Store& store, MonitorRules const& rules);

/// Stores what was found: states, outages, alerts, the round. Within a transaction. ONTs that were removed meanwhile are left
/// out. Returns the changes worth telling.
[[nodiscard]] std::vector<MonitorChange> store_round(store::Store& store, Round& round, MonitorRules const& rules);

}  // namespace bioctl::app
