#include "lib/app/device_health.hpp"

namespace bioctl::app {

namespace {

hikvision::Health keep(SyncSetup const& setup, store::Device const& device, hikvision::Health const& health) {
    setup.writer.write(
        [&](store::Store& store) { store.devices().set_health(device.key, stored_health(health), setup.clock.now()); });
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
