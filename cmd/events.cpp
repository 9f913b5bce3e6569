#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/event_verbs.hpp"
#include "cmd/verbs.hpp"
#include "lib/store/outbox.hpp"

namespace bioctl::cmd {

namespace {

struct ListOptions {
    EventFlags flags;
    bool raw = false;
};

void add_list(CLI::App& verb, ListOptions& o) {
    add_event_flags(verb, o.flags);
    verb.add_flag("--raw", o.raw, "With --json: also what the device sent");
}

int run_list(ListOptions const& o, Context& cx) {
    cx.out.columns({"id", "time", "device", "kind", "minor_name", "employee_no", "name", "picture_state", "delivery", "verdict"});
    auto const filter = filter_of(o.flags, cx);
    if (!cx.has_store()) {
        cx.talk.note("there are no events yet; `bioctl sync-hikvision` fetches them");
        return k_exit_yes;
    }
    auto store = cx.open_store(store::Access::read_only);
    require_known(store, filter);
    std::int64_t shown = 0;
    store.read([&] {
        store.events().each(filter, [&](store::Event const& event) {
            cx.out.record("event", fields_of(event, o.raw));
            ++shown;
            return stop_signal.load() == 0;
        });
    });
    if (shown == 0) cx.talk.note("no event fits");
    return k_exit_yes;
}

struct ShowOptions {
    std::int64_t id = 0;
};

void add_show(CLI::App& verb, ShowOptions& o) {
    verb.add_option("id", o.id, "Number of the event")->required()->type_name("EVENT");
}

ui::Fields fields_of_delivery(store::Delivery const& delivery) {
    return {{"delivery", delivery.id},
            {"target", delivery.target},
            {"state", delivery.state},
            {"attempts", delivery.attempts},
            {"http_status", delivery.http_status == 0 ? ui::Value{} : ui::Value{delivery.http_status}},
            {"not_before", time_value(delivery.not_before)},
            {"finished_at", time_value(delivery.finished_at)},
            {"reason", text_or_null(delivery.reason)},
            {"reply", text_or_null(delivery.reply)},
            {"idempotency_key", delivery.idempotency_key}};
}

int run_show(ShowOptions const& o, Context& cx) {
    auto store = open_device_store(cx, store::Access::read_only);
    store.read([&] {
        auto const event = store.events().get(o.id);
        if (!event) throw Error{Kind::no_input, fmt::format("there is no event {}; `bioctl events list` shows all", o.id)};
        cx.out.columns({"id", "time", "local_time", "device", "serial", "epoch", "kind", "minor_name", "employee_no", "person_id",
                        "name", "picture", "picture_state", "verdict", "distance", "raw"});
        cx.out.record("event", fields_of(*event, true));
        cx.out.columns({"delivery", "target", "state", "attempts", "http_status", "reason", "reply"});
        for (auto const& delivery : store.outbox().of_event(o.id))
            cx.out.record("delivery", fields_of_delivery(delivery));
    });
    return k_exit_yes;
}

struct StatsOptions {
    EventFlags flags;
};

void add_stats(CLI::App& verb, StatsOptions& o) {
    add_event_flags(verb, o.flags);
}

int run_stats(StatsOptions const& o, Context& cx) {
    auto store = open_device_store(cx, store::Access::read_only);
    auto const filter = filter_of(o.flags, cx);
    require_known(store, filter);
    cx.out.columns({"device", "kind", "delivery", "picture_state", "events", "first", "last"});
    store.read([&] {
        for (auto const& counts : store.events().stats(filter)) {
            cx.out.record("count", {{"device", counts.device},
                                    {"kind", counts.kind},
                                    {"delivery", counts.delivery},
                                    {"picture_state", counts.picture_state},
                                    {"events", counts.events},
                                    {"first", time_value(counts.first)},
                                    {"last", time_value(counts.last)}});
        }
    });
    return k_exit_yes;
}

}  // namespace

Verb events_verb() {
    return noun("events", "Look at the events of face terminals", Group::devices,
                {verb("list", "List events", Group::devices, add_list, run_list),
                 verb("show", "Show one event with its deliveries", Group::devices, add_show, run_show), events_export_verb(),
                 events_resend_verb(), verb("stats", "Count events", Group::devices, add_stats, run_stats), events_prune_verb()});
}

}  // namespace bioctl::cmd
