#include "lib/app/device_listen.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/device_session.hpp"

namespace bioctl::app {

namespace {

using hikvision::PushHost;

/// The slot that is ours, else a free one, else the first.
PushHost choose_slot(std::vector<PushHost> const& slots, std::optional<PushHost> const& ours) {
    auto const is_ours = [&](PushHost const& slot) { return ours && slot.is_same_place(*ours); };
    if (auto const found = std::ranges::find_if(slots, is_ours); found != slots.end()) return *found;
    if (auto const found = std::ranges::find_if(slots, &PushHost::is_empty); found != slots.end()) return *found;
    return slots.front();
}

PushHost slot_of(std::vector<PushHost> const& slots, int id) {
    auto const found = std::ranges::find(slots, id, &PushHost::id);
    return found == slots.end() ? slots.front() : *found;
}

std::optional<PushHost> remembered(store::Device const& device) {
    if (device.config.push_url.empty()) return std::nullopt;
    return hikvision::push_host_from(device.config.push_url).or_throw();
}

/// Some firmware takes addresses only, and names the field that it misses.
Error refused_host(Error const& error, PushHost const& wanted) {
    return {error.kind(), fmt::format("{}. If this firmware takes no host names, give the address of {} in the URL",
                                      error.message(), wanted.host)};
}

std::string what_was_lost(PushHost const& wanted, PushHost const& kept) {
    if (kept.is_same_place(wanted)) return {};
    auto const isolated = kept.host == wanted.host && kept.port == wanted.port && kept.protocol == wanted.protocol;
    if (isolated)
        return fmt::format("the terminal keeps the path '{}' instead of '{}': it would push there; rely on the sync", kept.path,
                           wanted.path);
    return fmt::format("the terminal said yes and keeps {} instead of {}; rely on the sync", kept.shown(), wanted.shown());
}

}  // namespace

ListenReport read_listener(SyncSetup const& setup, store::Device const& device) {
    DeviceSession session{setup, device};
    auto const slot = choose_slot(session.require(session.terminal().push_hosts()), remembered(device));
    return {slot, slot, false, {}};
}

ListenReport set_listener(SyncSetup const& setup, store::Device const& device, std::string const& url, bool force) {
    bool const is_freed = url.empty();
    auto wanted = is_freed ? PushHost{.path = "/"} : hikvision::push_host_from(url).or_throw();
    auto const ours = remembered(device);
    DeviceSession session{setup, device};
    ListenReport report;
    report.before = choose_slot(session.require(session.terminal().push_hosts()), ours);
    auto const& before = report.before;
    wanted.id = before.id;
    bool const is_foreign = !before.is_empty() && !(ours && before.is_same_place(*ours)) && !before.is_same_place(wanted);
    if (is_foreign && !force) {
        throw Error{Kind::busy,
                    fmt::format("{}: it pushes to {} already; if nobody needs that any more, take the slot with --force",
                                device.config.name, before.shown())};
    }
    report.is_changed = is_freed ? !before.is_empty() : !before.is_same_place(wanted);
    if (report.is_changed) {
        auto const done = session.terminal().set_push_host(wanted);
        if (!done && done.error().what == hikvision::Trouble::What::refused &&
            done.error().status.refusal == hikvision::Refusal::bad_request)
            throw refused_host(done.error().error.within(device.config.name), wanted);
        session.require(done);
    }
    setup.writer.write([&](store::Store& store) { store.devices().set_push_url(device.key, url, setup.clock.now()); });
    report.after = slot_of(session.require(session.terminal().push_hosts()), wanted.id);
    if (!is_freed) report.warning = what_was_lost(wanted, report.after);
    return report;
}

std::string renew_listener(hikvision::Terminal& terminal, std::string const& url) {
    auto const ours = hikvision::push_host_from(url);
    if (!ours) return ours.error().message();
    auto const slots = terminal.push_hosts();
    if (!slots) return slots.error().error.message();
    auto slot = choose_slot(*slots, *ours);
    if (!slot.is_empty() && !slot.is_same_place(*ours)) return fmt::format("it pushes to {} now", slot.shown());
    auto again = *ours;
    again.id = slot.id;
    auto const done = terminal.set_push_host(again);
    return done ? "" : done.error().error.message();
}

}  // namespace bioctl::app
