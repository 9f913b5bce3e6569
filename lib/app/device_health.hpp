#pragma once
// The health of a device between the store and the rules of hikvision/health.hpp.

#include "lib/app/sync.hpp"

namespace bioctl::app {

[[nodiscard]] hikvision::Health health_of(store::DeviceHealth const& stored);
[[nodiscard]] store::DeviceHealth stored_health(hikvision::Health const& health);

/// Nothing is kept of a device that was changed meanwhile. What one answer, or none, teaches about a device is stored, and
/// another state is announced to the targets that want to know (kind `device`); returns the health afterwards.
hikvision::Health keep_success(SyncSetup const& setup, store::Device const& device);
hikvision::Health keep_trouble(SyncSetup const& setup, store::Device const& device, hikvision::Trouble const& trouble,
                               hikvision::HealthRules const& rules = {});

}  // namespace bioctl::app
