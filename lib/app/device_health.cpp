#include "lib/app/device_health.hpp"

#include <fmt/format.h>

#include "lib/notify/device_state.hpp"
#include "lib/store/outbox.hpp"

namespace bioctl::app {

namespace {

/// For the targets that want to know. The first contact is no news.
void announce(store::Store& store, store::Device const& device, std::string const& before, store::DeviceHealth const& health,
              Timestamp now) {
    if (before == "unknown" && health.state == "ok") return;
    notify::DeviceState const state{.device = device.config.name,
                                    .device_serial = device.identity.serial_number,
                                    .location = device.config.location,
                                    .from = before,
                                    .to = health.state,
                                    .reason = health.reason,
                                    .at = now};
    store::Message message;
    message.kind = "device";
    message.device = state.device;
    message.location = state.location;
    message.identity = fmt::format("{}\n{}\n{}\n{}", device.key, to_ms(now), before, health.state);
    message.order_key = fmt::format("device {}", device.key);
    message.time = now;
    message.body = notify::to_json(state);
    store.outbox().queue_message(message, now);
}

hikvision::Health keep(SyncSetup const& setup, store::Device const& device, hikvision::Health const& health) {
    auto const stored = stored_health(health);
    auto const now = setup.clock.now();
    setup.writer.write([&](store::Store& store) {
        auto const before = store.devices().set_health(device.key, stored, now, device.generation);
        if (before) announce(store, device, *before, stored, now);
    });
    return health;
}

}  // namespace

hikvision::Health health_of(store::DeviceHealth const& stored) {
    return {hikvision::state_from(stored.state).value_or(hikvision::State::unknown), stored.since, stored.failures,
            stored.not_before, stored.reason};
}

store::DeviceHealth stored_health(hikvision::Health const& health) {
    return {std::string{hikvision::name_of(health.state)}, health.since, health.failures, health.not_before, health.reason};
}

hikvision::Health keep_success(SyncSetup const& setup, store::Device const& device) {
    return keep(setup, device, hikvision::after_success(health_of(device.health), setup.clock.now()));
}

hikvision::Health keep_trouble(SyncSetup const& setup, store::Device const& device, hikvision::Trouble const& trouble,
                               hikvision::HealthRules const& rules) {
    return keep(setup, device, hikvision::after_trouble(health_of(device.health), trouble, setup.clock.now(), rules));
}

}  // namespace bioctl::app
