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

/// Called one at a time, on any thread.
struct FollowEvents {
    std::function<void(DevicePass const&)> on_pass;
    /// The store or the disk is in trouble that may pass: the sync waits, and goes on where it was. Once for each trouble.
    std::function<void(Error const&)> on_trouble;
    std::function<void()> on_recovery;
};

/// Runs until should_stop; passes that have begun are finished. A slow device keeps nobody else waiting, as long as fewer than
/// `jobs` are slow. Throws Error of the store or the disk that will not pass, see may_pass().
void follow_devices(SyncSetup const& setup, SyncRules const& rules, FollowRules const& follow, FollowEvents const& events);

}  // namespace bioctl::app
