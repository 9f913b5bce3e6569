#pragma once
// The pictures of stored events: fetched after them, retried apart from them. Private to the sync.

#include "lib/app/sync.hpp"

namespace bioctl::app {

/// Fetches what is due of this device. A failure is one of the device; a picture that cannot be had is counted in `pass` and
/// noted with its event.
hikvision::Outcome<void> fetch_pictures(SyncSetup const& setup, SyncRules const& rules, store::Device const& device,
                                        hikvision::Terminal& terminal, DevicePass& pass);

/// Below media/: "events/2026/11/21/4711.jpg", by the day of the event in the device's zone.
[[nodiscard]] std::string picture_path(std::int64_t event, Timestamp time, std::chrono::minutes utc_offset);

}  // namespace bioctl::app
