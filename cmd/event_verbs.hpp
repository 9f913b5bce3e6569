#pragma once
// The rows below `events`, `outbox` and `targets`, and what they share.

#include <map>
#include <string>

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

/// Error{no_input} for a device or a place that the store has never known: a slip must not look like "nobody came".
void require_known(store::Store& store, store::EventFilter const& filter);

[[nodiscard]] ui::Fields fields_of(store::Event const& event, bool with_raw);

/// As set by the user, or as the old services did.
[[nodiscard]] app::SyncRules default_sync_rules(Context const& cx);
[[nodiscard]] app::DeliverySetup delivery_setup(Context& cx, SyncWorkspace& work);

/// The target that webhook_url and webhook_key_file (of old ATTENDANCE_WEBHOOK_URL, ATTENDANCE_API_KEY) stand for, made or
/// changed as they say now; none without webhook_url. See app/webhook_setting.hpp.
std::optional<store::Target> apply_webhook(Context& cx, SyncWorkspace& work);

/// Tells of tries: a record of each, and a warning when one failed for good; of many for one target only how many.
class DeliveryTalk {
public:
    explicit DeliveryTalk(Context& cx) : m_cx(cx) {}
    void tell(app::DeliveryTry const& attempt);
    void finish();  ///< tells what was held back

private:
    Context& m_cx;
    std::map<std::string, int> m_refused;  // by target
};

}  // namespace bioctl::cmd
