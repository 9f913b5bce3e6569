#pragma once
// One round of the monitor: ask the ONTs, judge what it means, store it. Everything that has to be kept between two rounds is in
// the store, so a round run by cron and a round of the service are the same.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/app/ont_choice.hpp"
#include "lib/app/store_writer.hpp"
#include "lib/base/clock.hpp"
#include "lib/ont/network_rules.hpp"
#include "lib/ont/sweep.hpp"

namespace bioctl::app {

struct MonitorRules {
    OntChoice choice{};
    ont::OutageRules outage{};                         ///< of ONTs whose groups have none of their own
    std::map<std::string, ont::OutageRules> groups{};  ///< by tag; of several the first in the ONT's list
    ont::BranchRules branch{};
    std::vector<std::string> guards{};               ///< addresses or names that always answer, unless the monitor is cut off
    std::chrono::milliseconds longest_gap{180'000};  ///< between two rounds that still count as watching without a break
};

/// Pings. `groups`: by address, what shares a parent.
using Prober = std::function<ont::SweepReport(std::span<ont::Address const> targets, std::span<std::uint32_t const> groups)>;
using Resolver = std::function<Result<ont::Address>(std::string const& host)>;
struct MonitorSetup {
    StoreWriter& writer;
    Clock const& clock;
    Prober probe;
    Resolver resolve;
    std::function<bool()> should_stop;
};

/// Something that people want to see as it happens.
struct MonitorChange {
    std::string what{};  ///< down, up, flapping, steady, branch_down, branch_up
    std::int64_t ont = 0;
    std::string name{}, location{};
    Timestamp at{};
    std::chrono::milliseconds error{};  ///< it was at most so long before
    std::string cause{};                ///< name of what it hangs on that is down, "" = itself
    bool in_maintenance = false;
};

/// An ONT that is not simply up.
struct MonitorState {
    std::int64_t ont = 0;
    std::string name{}, host{}, state{};
    bool is_flapping = false;
    Timestamp since{};     ///< of the run of equal answers, 0 = not known
    std::string reason{};  ///< of unknown: "no such host"
};

struct RoundSummary {
    Timestamp started_at{};
    std::chrono::milliseconds took{};
    std::int64_t asked = 0, up = 0, down = 0, unknown = 0, flapping = 0;
    std::int64_t lost = 0;  ///< silent in this round
    bool is_blind = false;
    std::string reason{};       ///< of a blind round, or why silence proves nothing in this one
    bool is_cut_short = false;  ///< told to stop: nothing was stored
    std::vector<MonitorChange> changes{};
    std::vector<MonitorState> not_up{};
};

/// One thread.
class Monitor {
public:
    Monitor(MonitorSetup setup, MonitorRules rules);
    ~Monitor();
    Monitor(Monitor const&) = delete;
    Monitor& operator=(Monitor const&) = delete;

    /// Throws Error of the store and of the prober, {no_input} for a choice that fits nothing.
    RoundSummary run_round();

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace bioctl::app
