#pragma once
// Is this router fit to be asked for its hotspot users? One line for each question, each with its remedy.

#include <functional>
#include <string>
#include <string_view>

#include "lib/app/device_check.hpp"
#include "lib/app/routers.hpp"

namespace bioctl::app {

struct RouterFinding {
    std::string_view topic;  ///< password, reach, login, tls, identity, version, hotspot, users
    Fitness fitness = Fitness::good;
    std::string text;
    std::string remedy;  ///< "" when good
};

struct RouterCheckRules {
    ont::RouterTimes times{};
    /// Log in although a refusal has stopped the logins.
    bool force = false;
};

/// Stops after the first answer that makes the next questions pointless. At most one login; what it teaches is stored. Returns
/// the worst fitness.
Fitness check_router(store::Store& store, Clock const& clock, SealKey const& key, store::Router const& router,
                     RouterCheckRules const& rules, std::function<void(RouterFinding const&)> const& on_finding);

}  // namespace bioctl::app
