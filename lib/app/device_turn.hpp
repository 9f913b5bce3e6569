#pragma once
// One request in flight for each device, also across processes: a sync, a check and a push of people take turns. Some firmware
// answers 401 to whoever comes second.

#include <chrono>
#include <cstdint>
#include <optional>

#include "lib/app/sync.hpp"
#include "lib/base/file.hpp"

namespace bioctl::app {

/// Held while talking to a device. A process that dies gives it back.
class DeviceTurn {
public:
    /// std::nullopt if somebody else still has it after `patience`, or it is time to stop. Throws Error if the lock file cannot
    /// be made.
    static std::optional<DeviceTurn> take(SyncSetup const& setup, std::int64_t device, std::chrono::milliseconds patience);

private:
    explicit DeviceTurn(FileLock lock) : m_lock(std::move(lock)) {}
    FileLock m_lock;
};

/// Error{busy} that says who is in the way of this device.
[[nodiscard]] Error device_is_taken(SyncSetup const& setup, store::Device const& device);

}  // namespace bioctl::app
