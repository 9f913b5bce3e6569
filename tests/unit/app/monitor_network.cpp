#include "tests/unit/app/monitor_network.hpp"

#include <algorithm>

#include "lib/store/maintenance.hpp"

namespace bioctl::test {

namespace {

bool is_within(std::vector<std::pair<int, int>> const& spans, int second) {
    return std::ranges::any_of(spans, [&](auto const& span) { return span.first <= second && second < span.second; });
}

}  // namespace

ScriptedNetwork::ScriptedNetwork() : m_writer(store::Store::open(m_dir.path() / "bioctl.db", {})) {}

std::int64_t ScriptedNetwork::add(std::string const& name, std::string const& host, std::optional<std::int64_t> parent,
                                  std::string const& kind) {
    store::OntConfig config;
    config.kind = kind;
    config.name = name;
    config.host = host;
    config.parent = parent;
    std::int64_t id = 0;
    with_store([&](store::Store& store) { id = store.onts().add(config, m_begin); });
    if (!host.empty()) m_onts.emplace(ont::parse_address(host).or_throw(), id);
    if (parent) m_parents.emplace(id, *parent);
    return id;
}

bool ScriptedNetwork::is_silent(std::int64_t ont, int second) const {
    auto const found = m_silences.find(ont);
    if (found != m_silences.end() && is_within(found->second, second)) return true;
    auto const parent = m_parents.find(ont);
    return parent != m_parents.end() && is_silent(parent->second, second);
}

ont::SweepReport ScriptedNetwork::probe(std::span<ont::Address const> targets) const {
    ont::SweepReport report;
    for (auto const& target : targets) {
        ont::TargetResult result;
        result.is_done = true;
        result.sent = 1;
        auto const found = m_onts.find(target);
        bool const is_lost = is_within(m_cuts, m_now) || (found != m_onts.end() && is_silent(found->second, m_now));
        auto const error = found == m_onts.end() ? m_send_errors.end() : m_send_errors.find(found->second);
        if (error != m_send_errors.end()) {
            result.send_errno = error->second;
        } else if (!is_lost) {
            result.received = 1;
            result.least = result.most = result.sum = std::chrono::milliseconds{3};
            result.answered_after = result.least;
        }
        report.targets.push_back(result);
    }
    return report;
}

ont::SweepReport ScriptedNetwork::sweep(std::span<ont::Address const> targets, std::span<std::uint32_t const> groups_asked) {
    auto report = probe(targets);
    if (m_sweeps == 0) groups.assign(groups_asked.begin(), groups_asked.end());
    if (on_sweep) on_sweep(m_sweeps);
    ++m_sweeps;
    return report;
}

app::MonitorSetup ScriptedNetwork::setup() {
    return {.writer = m_writer,
            .clock = clock,
            .probe = [this](auto targets, auto asked) { return sweep(targets, asked); },
            .resolve = resolve,
            .should_stop = [] { return false; }};
}

app::RoundSummary ScriptedNetwork::round(int second) {
    m_now = second;
    m_sweeps = 0;
    clock.set(at(second) + clock_error);
    app::Monitor monitor{setup(), rules};
    auto summary = monitor.run_round();
    changes.insert(changes.end(), summary.changes.begin(), summary.changes.end());
    return summary;
}

void ScriptedNetwork::rounds(int from, int to) {
    for (int second = from; second < to; second += static_cast<int>(k_interval.count()))
        static_cast<void>(round(second));
}

void ScriptedNetwork::maintain(int from, int to) {
    store::MaintenanceConfig config;
    config.zone = "UTC";
    config.starts = to_rfc3339(at(from)).substr(0, 16);  // to the minute
    config.duration_s = to - from;
    with_store([&](store::Store& store) { store.maintenance().add(config, m_begin); });
}

void ScriptedNetwork::edit(std::int64_t ont, std::function<void(store::OntConfig&)> const& change) {
    with_store([&](store::Store& store) {
        auto config = store.onts().get(ont)->config;
        change(config);
        store.onts().set(ont, config, clock.now());
    });
}

std::vector<store::Alert> ScriptedNetwork::open_alerts() {
    std::vector<store::Alert> alerts;
    with_store([&](store::Store& store) { alerts = store.alerts().ongoing(); });
    return alerts;
}

std::vector<store::Outage> ScriptedNetwork::outages() {
    std::vector<store::Outage> all;
    with_store([&](store::Store& store) {
        all.clear();
        store.outages().each({}, [&](store::Outage const& outage) {
            all.push_back(outage);
            return true;
        });
    });
    std::ranges::reverse(all);
    return all;
}

std::vector<store::Outage> ScriptedNetwork::outages_of(std::int64_t ont) {
    auto all = outages();
    std::erase_if(all, [&](auto const& outage) { return outage.ont != ont; });
    return all;
}

std::map<std::string, int> ScriptedNetwork::alerts() {
    std::map<std::string, int> kinds;
    with_store([&](store::Store& store) {
        kinds.clear();
        for (std::int64_t id = 1; auto const alert = store.alerts().get(id); ++id)
            ++kinds[alert->kind];
    });
    return kinds;
}

}  // namespace bioctl::test
