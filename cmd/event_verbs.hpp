#pragma once
// The rows below `events`, `outbox` and `targets`, and what they share.

#include "cmd/device_verbs.hpp"
#include "lib/app/delivery.hpp"
#include "lib/store/events.hpp"

namespace CLI {
class App;
}

namespace bioctl::cmd {

Verb events_export_verb();  // events_export.cpp
Verb events_resend_verb();  // events_change.cpp
Verb events_prune_verb();   // events_change.cpp

/// The options that choose events.
struct EventFlags {
    std::vector<std::string> devices, locations;
    std::optional<std::string> person, since, until, kind, delivery, picture, verdict;
    std::int64_t limit = 0;
    bool newest = false;
};
void add_event_flags(CLI::App& verb, EventFlags& flags);
[[nodiscard]] store::EventFilter filter_of(EventFlags const& flags, Context const& cx);

[[nodiscard]] ui::Fields fields_of(store::Event const& event, bool with_raw);

/// As set by the user, or as the old services did.
[[nodiscard]] app::SyncRules default_sync_rules(Context const& cx);
[[nodiscard]] app::DeliverySetup delivery_setup(Context& cx, SyncWorkspace& work);

/// The record of one try, with a warning when it failed for good.
void tell_delivery(Context& cx, app::DeliveryTry const& attempt);

}  // namespace bioctl::cmd
