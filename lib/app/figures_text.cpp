#include "lib/app/figures_text.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace bioctl::app {

namespace {

using enum MetricType;

double seconds_of(Timestamp time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

std::int64_t whole(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

void add_by(Exposition& text, std::string_view name, std::string_view label, std::string_view help,
            std::map<std::string, std::int64_t> const& numbers) {
    text.family(name, gauge, help);
    for (auto const& [value, number] : numbers)
        text.sample({{label, value}}, number);
}

void add_store(Exposition& text, Figures const& figures) {
    auto const one = [&](std::string_view name, std::string_view help, std::int64_t value) {
        text.family(name, gauge, help);
        text.sample({}, value);
    };
    one("bioctl_people", "People who are enrolled.", figures.people);
    add_by(text, "bioctl_templates", "contract",
           "Templates of faces, by the models they belong to, and of palms, by the pipeline.", figures.templates);
    one("bioctl_store_bytes", "Size of the store.", whole(figures.store_bytes));
    one("bioctl_store_log_bytes", "Size of the store's write-ahead log.", whole(figures.log_bytes));
}

void add_terminals(Exposition& text, Figures const& figures) {
    add_by(text, "bioctl_devices", "state", "Terminals, by state.", figures.devices);
    text.family("bioctl_device_last_sync_timestamp_seconds", gauge, "When a terminal was last read wholly; 0 is never.");
    for (auto const& sync : figures.syncs)
        text.sample({{"device", sync.device}}, seconds_of(sync.at));
    text.family("bioctl_device_backlog_events", gauge, "Events that a terminal still held after the last sync.");
    for (auto const& sync : figures.syncs)
        text.sample({{"device", sync.device}}, sync.backlog);
    add_by(text, "bioctl_events", "kind", "Events in the store, counted at most once a minute.", figures.events);
}

void add_outbox(Exposition& text, Figures const& figures, Timestamp now) {
    text.family("bioctl_deliveries", gauge, "Deliveries in the outbox, by target and state, counted at most once a minute.");
    for (auto const& [key, number] : figures.deliveries)
        text.sample({{"target", key.first}, {"state", key.second}}, number);
    text.family("bioctl_delivery_oldest_pending_age_seconds", gauge, "How long the oldest pending delivery has waited.");
    for (auto const& oldest : figures.oldest_pending) {
        auto const age = std::max(0.0, seconds_of(now) - seconds_of(oldest.queued_at));
        text.sample({{"target", oldest.target}}, age);
    }
}

void add_network(Exposition& text, Figures const& figures) {
    auto const one = [&](std::string_view name, std::string_view help, std::int64_t value) {
        text.family(name, gauge, help);
        text.sample({}, value);
    };
    add_by(text, "bioctl_onts", "state", "ONTs, OLTs and switches, by state.", figures.onts);
    add_by(text, "bioctl_routers", "state", "MikroTik routers, by state.", figures.routers);
    one("bioctl_outages_open", "Outages that go on.", figures.outages_open);
    one("bioctl_outages_unacknowledged", "Outages that go on and nobody has taken note of.", figures.outages_unacknowledged);
    one("bioctl_alerts_open", "Alerts that go on.", figures.alerts_open);
    one("bioctl_notifications_unread", "Notifications that nobody has read.", figures.unread_notifications);
    text.family("bioctl_backup_last_timestamp_seconds", gauge, "When the last backup was finished; 0 is never.");
    text.sample({}, figures.last_backup ? seconds_of(*figures.last_backup) : 0.0);
    text.family("bioctl_ping_last_round_timestamp_seconds", gauge, "When the last round of pings began; 0 is never.");
    text.sample({}, figures.last_round ? seconds_of(*figures.last_round) : 0.0);
    text.family("bioctl_ping_last_round_duration_seconds", gauge, "How long the last round of pings took.");
    constexpr double k_ms_in_s = 1000;
    text.sample({}, static_cast<double>(figures.last_round_ms) / k_ms_in_s);
}

}  // namespace

void add_figures(Exposition& text, Figures const& figures, Timestamp now) {
    add_store(text, figures);
    add_terminals(text, figures);
    add_outbox(text, figures, now);
    add_network(text, figures);
}

}  // namespace bioctl::app
