#pragma once
// Tells a terminal where to push its events. Pushed and polled events meet in the same unique key, so polling stays the truth.

#include <optional>
#include <string>

#include "lib/app/sync.hpp"
#include "lib/hikvision/push_host.hpp"

namespace bioctl::app {

struct ListenReport {
    hikvision::PushHost before{}, after{};  ///< of the slot; the same when only looked at
    bool is_changed = false;
    /// What the terminal did not keep as it was told, with what follows from it; "" if all is well.
    std::string warning{};
};

/// Reads the slot.
[[nodiscard]] ListenReport read_listener(SyncSetup const& setup, store::Device const& device);

/// Points the slot to `url`; an empty url frees it. Reads it first: Error{busy} if it is somebody else's, unless `force`. Reads
/// it afterwards: some firmware says yes and does not keep it. The URL is remembered: some firmware stops pushing at a reboot
/// until it is told again, which the sync does. Throws also as DeviceSession, and Error{usage} for a URL that terminals cannot
/// keep.
ListenReport set_listener(SyncSetup const& setup, store::Device const& device, std::string const& url, bool force);

/// After a device was away: tells it again. "" or what went wrong; polling goes on in any case.
[[nodiscard]] std::string renew_listener(hikvision::Terminal& terminal, std::string const& url);

}  // namespace bioctl::app
