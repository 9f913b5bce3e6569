#pragma once
// What the verbs about routers and hotspots share.

#include "cmd/device_verbs.hpp"
#include "lib/store/routers.hpp"

namespace bioctl::cmd {

Verb routers_check_verb();     // routers_check.cpp
Verb hotspot_users_verb();     // hotspot.cpp
Verb hotspot_poll_verb();      // hotspot.cpp
Verb hotspot_history_verb();   // hotspot_history.cpp
Verb hotspot_sessions_verb();  // hotspot_history.cpp
Verb hotspot_top_verb();       // hotspot_history.cpp

/// The store for verbs that make no sense without routers: Error{no_input} with the next step where there is none.
[[nodiscard]] store::Store open_router_store(Context& cx, store::Access access);

}  // namespace bioctl::cmd
