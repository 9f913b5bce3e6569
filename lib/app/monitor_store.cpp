// What a round changes in the store: states, outages, alerts.

#include <algorithm>
#include <unordered_set>

#include "lib/app/maintenance.hpp"
#include "lib/app/monitor_round.hpp"

namespace bioctl::app {

namespace {

char const* name_of(ont::OntState state) {
    return state == ont::OntState::up ? "up" : state == ont::OntState::down ? "down" : "unknown";
}

store::PingState row_of(Round const& round, std::size_t node) {
    auto const& history = round.nodes[node].history;
    store::PingState row;
    row.ont = round.onts[node].id;
    row.state = name_of(history.state);
    row.lost = history.lost;
    row.samples = history.samples;
    row.last_answered = history.last_answered;
    row.last_lost = history.last_lost;
    row.run_since = history.run_since;
    row.run_after = history.run_after;
    row.states = history.states;
    row.rounds = history.rounds;
    row.is_flapping = history.is_flapping;
    if (auto const us = ont::microseconds_of(round.codes[node])) row.rtt_us = static_cast<std::int64_t>(*us);
    row.asked_at = round.started_at;
    return row;
}

std::string label_of(store::Ont const& ont) {
    return ont.config.name.empty() ? ont.config.host : ont.config.name;
}

/// The book of outages and alerts, kept in step with what a round found.
class Book {
public:
    Book(store::Store& store, Round& round, MonitorRules const& rules)
        : m_store(store), m_round(round), m_rules(rules), m_now(round.started_at + round.took) {
        find_maintenance();
        for (auto& outage : store.outages().ongoing())
            m_ongoing.emplace(outage.ont, std::move(outage));
        for (auto const& alert : store.alerts().ongoing()) {
            m_alerts.emplace(std::pair{alert.kind, alert.subject}, alert);
            m_open_alerts.insert(alert.id);
        }
    }

    std::vector<MonitorChange> keep() {
        set_blindness();
        if (m_round.is_blind) return {};
        auto const order = ont::parents_first(m_round.nodes);
        for (auto const node : order)
            take(node);
        for (auto const node : order)
            find_alert(node);
        close_unwatched();
        close_alerts_of_unwatched();
        return std::move(m_changes);
    }

private:
    [[nodiscard]] std::int64_t id_of(std::size_t node) const { return m_round.onts[node].id; }
    [[nodiscard]] ont::NodeVerdict const& verdict(std::size_t node) const { return m_round.verdicts[node]; }

    [[nodiscard]] store::Outage* ongoing(std::size_t node) {
        auto const found = m_ongoing.find(id_of(node));
        return found == m_ongoing.end() ? nullptr : &found->second;
    }
    [[nodiscard]] store::Alert const* alert(std::string const& kind, std::int64_t subject) const {
        auto const found = m_alerts.find({kind, subject});
        return found == m_alerts.end() ? nullptr : &found->second;
    }
    std::int64_t open_alert(std::string const& kind, std::size_t node) {
        if (auto const* const known = alert(kind, id_of(node))) return known->id;
        auto const id = m_store.alerts().open(kind, id_of(node), label_of(m_round.onts[node]), m_now);
        store::Alert opened;
        opened.id = id;
        opened.kind = kind;
        opened.subject = id_of(node);
        opened.opened_at = m_now;
        m_alerts.emplace(std::pair{kind, id_of(node)}, opened);
        m_open_alerts.insert(id);
        return id;
    }
    void close_alert(std::string const& kind, std::int64_t subject) {
        auto const found = m_alerts.find({kind, subject});
        if (found == m_alerts.end()) return;
        m_store.alerts().close(found->second.id, m_now);
        m_open_alerts.erase(found->second.id);
        m_alerts.erase(found);
    }
    [[nodiscard]] std::string kind_of(std::size_t node) const { return m_round.has_children[node] ? "parent" : "ont"; }

    /// Of the windows that are in force now, whom they cover.
    void find_maintenance() {
        m_is_in_maintenance.resize(m_round.onts.size());
        auto windows = m_store.maintenance().list();
        std::erase_if(windows, [this](auto const& window) { return !is_active(window.config, m_now); });
        if (windows.empty()) return;
        auto const subjects = subjects_of(m_round.onts);
        for (std::size_t node = 0; node < subjects.size(); ++node) {
            m_is_in_maintenance[node] =
                std::ranges::any_of(windows, [&](auto const& window) { return covers(window.config, subjects[node]); });
        }
    }

    void tell(std::string what, std::size_t node, ont::Bounded when) {
        auto const& ont = m_round.onts[node];
        auto const cause = verdict(node).cause;
        m_changes.push_back({std::move(what), ont.id, label_of(ont), ont.config.location, when.at, when.error,
                             cause ? label_of(m_round.onts[*cause]) : "", m_is_in_maintenance[node]});
    }

    void set_blindness() {
        constexpr std::int64_t k_monitor = 0;
        if (m_round.is_blind) {
            m_store.alerts().open("monitor", k_monitor, m_round.reason, m_now);
        } else {
            close_alert("monitor", k_monitor);
        }
    }

    void take(std::size_t node) {
        auto const& change = verdict(node).change;
        if (change.went_down) begin(node, *change.went_down, false);
        if (verdict(node).branch_fell) fall(node);
        if (change.came_up) end(node, *change.came_up);
        if (verdict(node).branch_rose) rise(node);
        if (change.began_flapping) tell("flapping", node, {m_round.samples[node].at, {}});
        bool const is_flapping = m_round.nodes[node].history.is_flapping && is_watched(m_round.onts[node]);
        if (is_flapping && !m_is_in_maintenance[node]) open_alert("flapping", node);
        if (change.ended_flapping) {
            close_alert("flapping", id_of(node));
            tell("steady", node, {m_round.samples[node].at, {}});
        }
    }

    void begin(std::size_t node, ont::Bounded start, bool is_inferred) {
        if (ongoing(node) != nullptr) return;
        store::Outage outage;
        outage.ont = id_of(node);
        outage.ont_name = label_of(m_round.onts[node]);
        outage.started_at = start.at;
        outage.start_error_ms = start.error.count();
        outage.is_inferred = is_inferred;
        outage.in_maintenance = m_is_in_maintenance[node];
        outage.id = m_store.outages().open(outage);
        m_ongoing.emplace(outage.ont, outage);
        tell("down", node, start);
    }

    void end(std::size_t node, ont::Bounded finish) {
        auto const* const outage = ongoing(node);
        if (outage == nullptr) return;  // the first contact
        m_store.outages().close(outage->id, finish.at, finish.error.count());
        m_ongoing.erase(id_of(node));
        close_alert("ont", id_of(node));  // of both kinds: children may have come, or gone, since it was opened
        if (!m_round.nodes[node].is_branch_down) close_alert("parent", id_of(node));
        tell("up", node, finish);
    }

    void fall(std::size_t node) {
        ont::Bounded const start{verdict(node).branch_since, {}};
        if (!m_round.is_asked[node]) return begin(node, start, true);
        if (!m_is_in_maintenance[node]) open_alert("parent", node);
        tell("branch_down", node, start);
    }

    void rise(std::size_t node) {
        ont::Bounded const finish{m_round.started_at, {}};
        auto const* const outage = ongoing(node);
        if (outage != nullptr && outage->is_inferred) return end(node, finish);
        if (m_round.nodes[node].history.state == ont::OntState::down) return;
        close_alert("parent", id_of(node));
        tell("branch_up", node, finish);
    }

    /// Whom an outage is told with: the cause's alert, or one of its own.
    void find_alert(std::size_t node) {
        auto* const outage = ongoing(node);
        if (outage == nullptr) return;
        auto const cause = verdict(node).cause;
        if (cause) return join(node, *outage, *cause);
        if (m_is_in_maintenance[node]) return;
        bool const has_alert = outage->alert && is_open(*outage->alert);
        if (has_alert) return;
        // Its parent is back in this round, and its own answer may come in the next.
        if (outage->alert && closed_in_this_round(*outage->alert)) return;
        auto const* const flapping = alert("flapping", id_of(node));
        assign(*outage, outage->parent_outage, flapping != nullptr ? flapping->id : open_alert(kind_of(node), node));
    }

    void join(std::size_t node, store::Outage& outage, std::size_t cause) {
        auto const* const parents = ongoing(cause);
        auto const parent_outage = parents != nullptr ? std::optional{parents->id} : std::nullopt;
        auto const* const wanted = alert("parent", id_of(cause));
        if (wanted == nullptr) {
            // The cause is in maintenance, or its own alert comes with its outage.
            if (outage.parent_outage != parent_outage && parent_outage) assign(outage, parent_outage, outage.alert);
            return;
        }
        if (outage.alert == wanted->id) return;
        auto const began = parents != nullptr ? parents->started_at : branch_start(cause, *wanted);
        if (outage.started_at < began - m_rules.branch.together) return;  // was down for a reason of its own
        if (outage.alert && is_open(*outage.alert)) {
            if (!m_store.alerts().is_untold(*outage.alert)) return;
            close_alert("ont", id_of(node));
            close_alert("parent", id_of(node));
        }
        assign(outage, parent_outage, wanted->id);
    }

    /// Of a branch that is down though its parent answers.
    [[nodiscard]] Timestamp branch_start(std::size_t cause, store::Alert const& alert) const {
        if (verdict(cause).branch_fell) return verdict(cause).branch_since;
        return m_store.alerts().first_start(alert.id).value_or(alert.opened_at);
    }

    void assign(store::Outage& outage, std::optional<std::int64_t> parent_outage, std::optional<std::int64_t> to) {
        m_store.outages().set_cause(outage.id, parent_outage, to);
        outage.parent_outage = parent_outage;
        outage.alert = to;
    }

    [[nodiscard]] bool is_open(std::int64_t id) const { return m_open_alerts.contains(id); }
    [[nodiscard]] bool closed_in_this_round(std::int64_t id) const {
        auto const found = m_store.alerts().get(id);
        return found && found->closed_at && *found->closed_at >= m_now;
    }

    /// Nobody asks it any more, so nobody would ever see it come back.
    void close_unwatched() {
        for (std::size_t node = 0; node < m_round.nodes.size(); ++node) {
            auto const* const outage = ongoing(node);
            if (outage == nullptr || is_watched(m_round.onts[node]) || outage->is_inferred) continue;
            end(node, {m_now, {}});
        }
    }

    /// Nor would anybody ever be told that it is over. Also of those that were removed.
    void close_alerts_of_unwatched() {
        std::vector<std::pair<std::string, std::int64_t>> left;
        for (auto const& [key, alert] : m_alerts) {
            auto const& [kind, subject] = key;
            if (kind != "ont" && kind != "parent" && kind != "flapping") continue;
            auto const found = m_round.index.find(subject);
            bool const is_of_use =
                found != m_round.index.end() && (is_watched(m_round.onts[found->second]) || ongoing(found->second) != nullptr);
            if (!is_of_use) left.push_back(key);
        }
        for (auto const& [kind, subject] : left)
            close_alert(kind, subject);
    }

    store::Store& m_store;
    Round& m_round;
    MonitorRules const& m_rules;
    Timestamp m_now;
    std::vector<bool> m_is_in_maintenance;                                  // by node, now
    std::unordered_map<std::int64_t, store::Outage> m_ongoing;              // by ONT
    std::map<std::pair<std::string, std::int64_t>, store::Alert> m_alerts;  // by kind and subject
    std::unordered_set<std::int64_t> m_open_alerts;
    std::vector<MonitorChange> m_changes;
};

store::PingRound round_row(Round const& round, std::vector<bool> const& is_there) {
    store::PingRound row;
    row.started_at = round.started_at;
    row.took_ms = round.took.count();
    row.is_blind = round.is_blind;
    std::vector<ont::SampleCode> codes;
    for (std::size_t node = 0; node < round.onts.size(); ++node) {
        if (!round.is_asked[node] || !is_there[node]) continue;
        auto const& history = round.nodes[node].history;
        if (!round.is_unasked[node]) {
            row.onts.push_back(round.onts[node].id);
            codes.push_back(round.codes[node]);
        }
        ++(round.is_blind || history.state == ont::OntState::unknown ? row.unknown
           : history.state == ont::OntState::up                      ? row.up
                                                                     : row.down);
        if (history.is_flapping) ++row.flapping;
        if (round.samples[node].sample == ont::Sample::lost) ++row.lost;
    }
    if (!round.is_blind) row.samples = ont::to_bytes(codes);
    return row;
}

/// Takes those out that were removed, or are no longer asked, since the round began.
std::vector<bool> still_there(store::Store& store, Round& round) {
    std::vector<bool> is_there(round.onts.size());
    for (auto const& ont : store.onts().list()) {
        if (auto const found = round.index.find(ont.id); found != round.index.end()) is_there[found->second] = true;
    }
    for (std::size_t node = 0; node < round.onts.size(); ++node) {
        if (is_there[node] || round.is_blind) continue;
        round.verdicts[node] = {};
    }
    return is_there;
}

}  // namespace

std::vector<MonitorChange> store_round(store::Store& store, Round& round, MonitorRules const& rules) {
    auto const is_there = still_there(store, round);
    auto changes = Book{store, round, rules}.keep();
    if (!round.is_blind) {
        std::vector<store::PingState> rows;
        for (std::size_t node = 0; node < round.onts.size(); ++node) {
            bool const has_news = round.samples[node].sample != ont::Sample::unknown;
            if (is_there[node] && has_news) rows.push_back(row_of(round, node));
        }
        store.pings().set_states(rows);
    }
    store.pings().add_round(round_row(round, is_there), rules.longest_gap);
    return changes;
}

}  // namespace bioctl::app
