#include "lib/app/monitor_round.hpp"

#include <algorithm>

namespace bioctl::app {

namespace {

ont::OntState state_from(std::string_view text) {
    return text == "up" ? ont::OntState::up : text == "down" ? ont::OntState::down : ont::OntState::unknown;
}

ont::OntHistory history_of(store::PingState const& row) {
    ont::OntHistory history;
    history.state = state_from(row.state);
    history.lost = row.lost;
    history.samples = row.samples;
    history.last_answered = row.last_answered;
    history.last_lost = row.last_lost;
    history.run_since = row.run_since;
    history.run_after = row.run_after;
    history.states = row.states;
    history.rounds = row.rounds;
    history.is_flapping = row.is_flapping;
    return history;
}

ont::OutageRules rules_for(store::Ont const& ont, MonitorRules const& rules) {
    for (auto const& tag : ont.config.tags) {
        if (auto const found = rules.groups.find(tag); found != rules.groups.end()) return found->second;
    }
    return rules.outage;
}

void link_parents(Round& round) {
    for (std::size_t i = 0; i < round.onts.size(); ++i)
        round.index.emplace(round.onts[i].id, i);
    for (std::size_t i = 0; i < round.onts.size(); ++i) {
        auto const parent = round.onts[i].config.parent;
        auto const found = parent ? round.index.find(*parent) : round.index.end();
        if (found == round.index.end()) continue;
        round.nodes[i].parent = found->second;
        round.has_children[found->second] = true;
    }
}

/// Also what they hang on: whose fault it is can only be told of those that are asked.
void choose(Round& round, MonitorRules const& rules) {
    constexpr int k_deepest = 32;  // a circle must not hold us
    for (auto const& ont : choose_onts(round.onts, rules.choice)) {
        std::optional<std::size_t> node = round.index.at(ont.id);
        for (int depth = 0; node && depth < k_deepest; ++depth) {
            auto const& config = round.onts[*node].config;
            if (config.enabled && !config.host.empty()) round.is_asked[*node] = true;
            node = round.nodes[*node].parent;
        }
    }
}

/// A branch that was found down stays so until its children say otherwise.
void remember_branches(store::Store& store, Round& round) {
    auto const mark = [&](std::int64_t id) {
        auto const found = round.index.find(id);
        if (found == round.index.end()) return;
        auto& node = round.nodes[found->second];
        if (node.history.state != ont::OntState::down) node.is_branch_down = true;
    };
    for (auto const& alert : store.alerts().ongoing()) {
        if (alert.kind == "parent") mark(alert.subject);
    }
    for (auto const& outage : store.outages().ongoing()) {
        if (outage.is_inferred) mark(outage.ont);
    }
}

}  // namespace

Round load_round(store::Store& store, MonitorRules const& rules) {
    Round round;
    round.onts = store.onts().list();
    auto const count = round.onts.size();
    round.nodes.resize(count);
    round.has_children.resize(count);
    round.is_asked.resize(count);
    round.samples.resize(count);
    round.codes.resize(count);
    round.reasons.resize(count);
    auto const states = store.pings().states();
    for (std::size_t i = 0; i < count; ++i) {
        if (auto const found = states.find(round.onts[i].id); found != states.end())
            round.nodes[i].history = history_of(found->second);
        round.nodes[i].rules = rules_for(round.onts[i], rules);
    }
    link_parents(round);
    choose(round, rules);
    remember_branches(store, round);
    return round;
}

}  // namespace bioctl::app
