#include "lib/app/figures.hpp"

#include <filesystem>

#include "lib/store/alerts.hpp"
#include "lib/store/audit.hpp"
#include "lib/store/devices.hpp"
#include "lib/store/events.hpp"
#include "lib/store/notifications.hpp"
#include "lib/store/onts.hpp"
#include "lib/store/outages.hpp"
#include "lib/store/outbox.hpp"
#include "lib/store/people.hpp"
#include "lib/store/pings.hpp"
#include "lib/store/routers.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::app {

namespace {

namespace fs = std::filesystem;

std::uint64_t size_of(fs::path const& file) {
    std::error_code error;
    auto const size = fs::file_size(file, error);
    return error ? 0 : size;
}

void count_people(store::Store& store, Figures& figures) {
    figures.people = static_cast<std::int64_t>(store.people().count());
    for (auto const modality : {store::Modality::face, store::Modality::palm}) {
        for (auto const& contract : store.templates().contracts(modality))
            figures.templates[contract.contract] = static_cast<std::int64_t>(contract.templates);
    }
}

void count_devices(store::Store& store, Figures& figures) {
    figures.devices = {{"unknown", 0}, {"ok", 0}, {"warning", 0}, {"offline", 0}, {"locked", 0}, {"refused", 0}, {"disabled", 0}};
    for (auto const& device : store.devices().list()) {
        ++figures.devices[device.config.enabled ? device.health.state : "disabled"];
        if (device.config.enabled)
            figures.syncs.push_back({.device = device.config.name, .at = device.last_sync, .backlog = device.backlog});
    }
}

void count_events(store::Store& store, Figures& figures) {
    auto const kinds = store.events().kinds();
    figures.events = {{"recognized", kinds.recognized}, {"other", kinds.other}};
}

void count_deliveries(store::Store& store, Figures& figures) {
    for (auto const& target : store.outbox().targets()) {
        for (auto const* const state : {"pending", "sent", "failed", "skipped", "dropped"})
            figures.deliveries[{target.name, state}] = 0;
    }
    for (auto const& counts : store.outbox().stats()) {
        figures.deliveries[{counts.target, counts.state}] = counts.deliveries;
        if (counts.state == "pending") figures.oldest_pending.push_back({.target = counts.target, .queued_at = counts.oldest});
    }
}

void count_network(store::Store& store, Figures& figures) {
    figures.onts = {{"unknown", 0}, {"up", 0}, {"down", 0}, {"flapping", 0}, {"disabled", 0}};
    for (auto const& ont : store.onts().list())
        ++figures.onts[!ont.config.enabled ? "disabled" : ont.is_flapping ? "flapping" : ont.state];
    figures.routers = {{"unknown", 0}, {"ok", 0}, {"failing", 0}, {"refused", 0}, {"disabled", 0}};
    for (auto const& router : store.routers().list())
        ++figures.routers[router.config.enabled ? router.health.state : "disabled"];
    for (auto const& outage : store.outages().ongoing()) {
        ++figures.outages_open;
        if (!outage.acked_at) ++figures.outages_unacknowledged;
    }
    figures.alerts_open = static_cast<std::int64_t>(store.alerts().ongoing().size());
    figures.unread_notifications = store.notifications().unread();
    if (auto const round = store.pings().last_round()) {
        figures.last_round = round->started_at;
        figures.last_round_ms = round->took_ms;
    }
}

void find_backup(store::Store& store, Figures& figures) {
    store.audit().each({.action = "store.backup", .limit = 1}, [&](store::AuditRow const& row) {
        figures.last_backup = row.at;
        return false;
    });
}

}  // namespace

Figures figures_of(store::Store& store, Figures const* known) {
    Figures figures;
    store.read([&] {
        figures = {};
        count_people(store, figures);
        count_devices(store, figures);
        if (known) {
            figures.events = known->events;
            figures.deliveries = known->deliveries;
            figures.oldest_pending = known->oldest_pending;
        } else {
            count_events(store, figures);
            count_deliveries(store, figures);
        }
        count_network(store, figures);
        find_backup(store, figures);
    });
    figures.store_bytes = size_of(store.file());
    auto log = store.file();
    log += "-wal";
    figures.log_bytes = size_of(log);
    return figures;
}

}  // namespace bioctl::app
