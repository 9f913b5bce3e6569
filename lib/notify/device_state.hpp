#pragma once
// What is sent when a terminal begins or ends to give trouble.

#include <string>

#include "lib/base/clock.hpp"

namespace bioctl::notify {

struct DeviceState {
    std::string device{}, device_serial{}, location{};  ///< "" = not known
    std::string from{}, to{};                           ///< ok, warning, offline, locked, refused, unknown
    std::string reason{};
    Timestamp at{};
};

/// {"type": "device_state", "device", "device_serial", "location", "from", "to", "reason", "at"}; what is not known is null.
[[nodiscard]] std::string to_json(DeviceState const& state);

}  // namespace bioctl::notify
