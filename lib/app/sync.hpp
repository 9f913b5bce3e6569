#pragma once
// Fetches the events of face terminals: every one, once, with its picture. Devices work side by side, each with one request in
// flight.

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/app/store_writer.hpp"
#include "lib/base/clock.hpp"
#include "lib/base/seal.hpp"
#include "lib/hikvision/health.hpp"
#include "lib/hikvision/reader.hpp"
#include "lib/store/devices.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

struct SyncRules {
    std::set<int> recognized_minors;         ///< of major 5
    std::optional<Timestamp> since, until;   ///< since: read again from here, whatever was read before
    std::chrono::hours first_look_back{24};  ///< of a device that was never read
    std::int64_t limit = 0;                  ///< events of a device in one pass; 0 = all
    bool pictures = true;
    bool dry_run = false;  ///< ask the devices, store nothing
    std::uint64_t max_picture_bytes = 10'000'000;
    int max_picture_attempts = 20;
    int max_pictures = 0;  ///< of a device in one pass; 0 = all. A service reads new events between the pictures of old ones
    hikvision::HealthRules health;
    std::chrono::seconds overlap{90};
};

/// What everything that talks to devices works on.
struct SyncSetup {
    StoreWriter& writer;
    SealKey const& key;
    Clock const& clock;
    fs::path media_dir;
    fs::path locks_dir;  ///< of DeviceTurn
    std::function<bool()> should_stop;
    /// Sleeps, or returns early when it is time to stop.
    std::function<void(std::chrono::milliseconds)> pause;
};

/// One pass over one device.
struct DevicePass {
    std::string device;
    hikvision::State state = hikvision::State::unknown;  ///< afterwards
    bool is_changed = false;                             ///< of the state
    std::string reason;                                  ///< why it was not, or not wholly, read; "" if it was
    std::string push_trouble;                            ///< why it could not be told again where to push, "" = all is well
    std::int64_t added = 0, known = 0, recognized = 0, missed = 0;
    int unusable = 0, new_epochs = 0, queued = 0;
    int pictures = 0, pictures_gone = 0, pictures_failed = 0;
    std::optional<std::int64_t> drift_ms;
    std::uint64_t requests = 0;
    std::chrono::nanoseconds took{}, waited{};  ///< waited: for the device

    /// Nothing is left to do, as far as this pass could know.
    [[nodiscard]] bool is_good() const { return reason.empty(); }
};

/// Never throws for what a device does; Error of the store or the disk goes through.
[[nodiscard]] DevicePass sync_device(SyncSetup const& setup, SyncRules const& rules, store::Device const& device);

/// One pass over these devices, `jobs` at a time. on_pass is called as they finish, one at a time, on any thread.
void sync_devices(SyncSetup const& setup, SyncRules const& rules, std::vector<store::Device> const& devices, int jobs,
                  std::function<void(DevicePass const&)> const& on_pass);

/// How to reach a device; throws Error{config} if its password cannot be unsealed.
[[nodiscard]] hikvision::TerminalAddress address_of(store::Device const& device, SealKey const& key);

}  // namespace bioctl::app
