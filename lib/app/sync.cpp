#include "lib/app/sync.hpp"

#include <mutex>

#include "lib/app/share.hpp"

namespace bioctl::app {

void sync_devices(SyncSetup const& setup, SyncRules const& rules, std::vector<store::Device> const& devices, int jobs,
                  std::function<void(DevicePass const&)> const& on_pass) {
    std::mutex mutex;  // of on_pass
    share(devices.size(), jobs, setup.should_stop, [&](NextPiece const& next) {
        while (auto const index = next()) {
            auto const pass = sync_device(setup, rules, devices[*index]);
            std::lock_guard const lock{mutex};
            on_pass(pass);
        }
    });
}

}  // namespace bioctl::app
