#pragma once
// The sync as a service: every device again and again, each at its own pace.

#include <functional>

#include "lib/app/sync.hpp"

namespace bioctl::app {

struct FollowRules {
    std::chrono::milliseconds interval{10'000};  ///< between the end of a pass and the next one of the same device
    int jobs = 16;
    std::vector<std::string> devices;  ///< empty: all that are enabled, also those that are added later
};

/// Runs until should_stop; passes that have begun are finished. A slow device keeps nobody else waiting, as long as fewer than
/// `jobs` are slow. on_pass is called one at a time, on any thread. Throws Error of the store or the disk.
void follow_devices(SyncSetup const& setup, SyncRules const& rules, FollowRules const& follow,
                    std::function<void(DevicePass const&)> const& on_pass);

}  // namespace bioctl::app
