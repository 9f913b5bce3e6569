#pragma once
// Is this terminal fit to be synced? One line for each question, each with its remedy.

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "lib/app/sync.hpp"

namespace bioctl::app {

enum class Fitness { good, warning, bad };

struct DeviceFinding {
    std::string_view topic;  ///< reach, login, identity, clock, search, pictures, lock
    Fitness fitness = Fitness::good;
    std::string text;
    std::string remedy;  ///< "" when good
};

struct CheckRules {
    std::chrono::seconds max_drift{30};
    /// Ask again although logins are stopped after a wrong password. A lock is always respected.
    bool force = false;
    /// How long to wait while somebody else talks to the device.
    std::chrono::milliseconds patience = std::chrono::seconds{60};
};

/// Stops after the first answer that makes the next questions pointless. At most one wrong login; what it teaches is stored, as
/// after a sync. Returns the worst fitness.
Fitness check_device(SyncSetup const& setup, store::Device const& device, CheckRules const& rules,
                     std::function<void(DeviceFinding const&)> const& on_finding);

}  // namespace bioctl::app
