#include "lib/app/monitor_round.hpp"

#include <algorithm>
#include <unordered_set>

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
            if (is_watched(round.onts[*node])) round.is_asked[*node] = true;
            node = round.nodes[*node].parent;
        }
    }
}

/// Who is not watched says nothing, neither of itself nor of its parent. Who is down without an outage was not watched for a
/// while: what was known of it before is of no use now.
void remember_lines(store::Store& store, Round& round) {
    std::unordered_set<std::int64_t> has_outage;
    for (auto const& outage : store.outages().ongoing())
        has_outage.insert(outage.ont);
    auto const states = store.pings().states();
    for (std::size_t node = 0; node < round.onts.size(); ++node) {
        auto const id = round.onts[node].id;
        auto const found = states.find(id);
        if (found == states.end() || !is_watched(round.onts[node])) continue;
        auto const history = history_of(found->second);
        if (history.state != ont::OntState::down || has_outage.contains(id)) round.nodes[node].history = history;
    }
}

/// Most of its children are down.
std::vector<bool> silent_branches(Round const& round, ont::BranchRules const& rules) {
    std::vector<int> judged(round.nodes.size()), down(round.nodes.size());
    for (auto const& node : round.nodes) {
        if (!node.parent || node.history.state == ont::OntState::unknown) continue;
        ++judged[*node.parent];
        if (node.history.state == ont::OntState::down) ++down[*node.parent];
    }
    std::vector<bool> is_silent(round.nodes.size());
    for (std::size_t node = 0; node < is_silent.size(); ++node)
        is_silent[node] = down[node] >= rules.least_children && down[node] >= rules.down_share * judged[node];
    return is_silent;
}

/// A branch that was found down stays so until its children say otherwise. One whose parent went down with it, too: ONTs need
/// some minutes longer than their OLT.
void remember_branches(store::Store& store, Round& round, ont::BranchRules const& rules) {
    auto const is_silent = silent_branches(round, rules);
    auto const mark = [&](std::int64_t id) {
        auto const found = round.index.find(id);
        if (found == round.index.end()) return;
        auto& node = round.nodes[found->second];
        if (node.history.state != ont::OntState::down || is_silent[found->second]) node.is_branch_down = true;
    };
    for (auto const& alert : store.alerts().ongoing()) {
        if (alert.kind == "parent") mark(alert.subject);
    }
    for (auto const& outage : store.outages().ongoing()) {
        if (outage.is_inferred) mark(outage.ont);
    }
}

}  // namespace

bool is_watched(store::Ont const& ont) {
    return ont.config.enabled && !ont.config.host.empty();
}

Round load_round(store::Store& store, MonitorRules const& rules) {
    Round round;
    round.onts = store.onts().list();
    auto const count = round.onts.size();
    round.nodes.resize(count);
    round.has_children.resize(count);
    round.is_asked.resize(count);
    round.is_unasked.resize(count);
    round.samples.resize(count);
    round.codes.resize(count);
    round.reasons.resize(count);
    for (std::size_t i = 0; i < count; ++i)
        round.nodes[i].rules = rules_for(round.onts[i], rules);
    remember_lines(store, round);
    link_parents(round);
    choose(round, rules);
    remember_branches(store, round, rules.branch);
    return round;
}

}  // namespace bioctl::app
