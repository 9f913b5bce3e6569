#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/event_verbs.hpp"
#include "cmd/face_options.hpp"
#include "cmd/ui/confirm.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/targets.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct ChooseOptions {
    std::vector<std::int64_t> ids;
    std::vector<std::string> targets, states;
    std::int64_t limit = 0;
    bool yes = false;
};

void add_choice(CLI::App& verb, ChooseOptions& o) {
    verb.add_option("--target", o.targets, "Only to this target; may be given several times")->type_name("NAME");
    verb.add_option("--state", o.states, "Only in this state; may be given several times")
        ->type_name("pending|sent|failed|skipped|dropped")
        ->check(CLI::IsMember({"pending", "sent", "failed", "skipped", "dropped"}));
}

void add_list(CLI::App& verb, ChooseOptions& o) {
    add_choice(verb, o);
    verb.add_option("--limit", o.limit, "At most so many, the oldest first; 0 is all")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{0}, k_most_records));
}

store::DeliveryFilter filter_of(ChooseOptions const& o) {
    return {.targets = o.targets, .states = o.states, .ids = o.ids, .limit = o.limit};
}

/// Said, as every list of nothing says it.
bool is_empty(Context& cx) {
    if (cx.has_store()) return false;
    cx.talk.note("there are no deliveries yet; `bioctl targets add` says where events go");
    return true;
}

int run_list(ChooseOptions const& o, Context& cx) {
    cx.out.columns({"id", "target", "event", "state", "attempts", "not_before", "http_status", "reason"});
    if (is_empty(cx)) return k_exit_yes;
    auto store = cx.open_store(store::Access::read_only);
    store.read([&] {
        store.outbox().each(filter_of(o), [&](store::Delivery const& delivery) {
            cx.out.record("delivery", {{"id", delivery.id},
                                       {"target", delivery.target},
                                       {"event", delivery.event == 0 ? ui::Value{} : ui::Value{delivery.event}},
                                       {"state", delivery.state},
                                       {"attempts", delivery.attempts},
                                       {"created_at", time_value(delivery.created_at)},
                                       {"not_before", time_value(delivery.not_before)},
                                       {"finished_at", time_value(delivery.finished_at)},
                                       {"http_status", delivery.http_status == 0 ? ui::Value{} : ui::Value{delivery.http_status}},
                                       {"reason", text_or_null(delivery.reason)},
                                       {"reply", text_or_null(delivery.reply)},
                                       {"order_key", text_or_null(delivery.order_key)},
                                       {"idempotency_key", delivery.idempotency_key}});
            return stop_signal.load() == 0;
        });
    });
    if (cx.out.records() == 0) cx.talk.note("no delivery fits");
    return k_exit_yes;
}

void add_change(CLI::App& verb, ChooseOptions& o) {
    verb.add_option("id", o.ids, "Deliveries, as `outbox list` numbers them")->type_name("DELIVERY");
    add_choice(verb, o);
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
}

int run_retry(ChooseOptions const& o, Context& cx) {
    auto store = open_target_store(cx, store::Access::read_write);
    for (auto const& target : o.targets)
        static_cast<void>(app::require_target(store, target));
    std::int64_t changed = 0;
    store.write([&] { changed = store.outbox().retry(filter_of(o), cx.clock.now()); });
    if (changed == 0 && !o.ids.empty())
        throw Error{Kind::no_input, "there is no delivery of this number that can be tried again; see `bioctl outbox list`"};
    cx.out.columns({"deliveries"});
    cx.out.record("retried", {{"deliveries", changed}});
    cx.talk.note(fmt::format("{} will be tried again by the next `bioctl outbox flush` or sync",
                             counted(static_cast<std::uint64_t>(changed), "delivery", "deliveries")));
    return changed > 0 ? k_exit_yes : k_exit_no;
}

int run_drop(ChooseOptions const& o, Context& cx) {
    if (o.ids.empty() && o.targets.empty() && o.states.empty())
        throw Error{Kind::usage, "outbox drop: name deliveries, or choose them with --target or --state"};
    auto store = open_target_store(cx, store::Access::read_write);
    std::int64_t found = 0;
    store.read([&] {
        store.outbox().each(filter_of(o), [&](store::Delivery const& delivery) {
            found += delivery.state == "pending" || delivery.state == "failed" ? 1 : 0;
            return true;
        });
    });
    auto const text = counted(static_cast<std::uint64_t>(found), "delivery", "deliveries");
    if (found > 0 && !o.yes && !ui::confirm(fmt::format("Give up {} that have not been sent?", text))) {
        cx.talk.note("nothing was dropped");
        return k_exit_no;
    }
    std::int64_t dropped = 0;
    store.write([&] { dropped = store.outbox().drop(filter_of(o), cx.clock.now()); });
    cx.out.columns({"deliveries"});
    cx.out.record("dropped", {{"deliveries", dropped}});
    return dropped > 0 ? k_exit_yes : k_exit_no;
}

struct FlushOptions {
    int patience = 10;
};

void add_flush(CLI::App& verb, FlushOptions& o) {
    verb.add_option("--patience", o.patience, "Also wait for what is to be tried again within so many seconds")
        ->type_name("S")
        ->check(CLI::Range(0, 86'400))
        ->capture_default_str();
}

int run_flush(FlushOptions const& o, Context& cx) {
    static_cast<void>(open_target_store(cx, store::Access::read_only));
    auto turn = delivery_turn(cx, k_delivery_patience);
    if (!turn) turn = lock_out_others(cx, "deliveries", "delivering");  // says whom to wait for
    SyncWorkspace work{cx};
    DeliveryTalk talk{cx};
    app::Deliverer deliverer{delivery_setup(cx, work), [&](app::DeliveryTry const& attempt) { talk.tell(attempt); }};
    auto const summary = deliverer.run(std::chrono::seconds{o.patience}, app::Drain::wholly);
    talk.finish();
    cx.out.columns({"sent", "failed", "skipped", "pending"});
    cx.out.record("flushed", {{"sent", summary.sent},
                              {"failed", summary.failed},
                              {"skipped", summary.skipped},
                              {"postponed", summary.postponed},
                              {"pending", summary.pending}});
    if (stop_signal.load() != 0) return exit_after_signal();
    return summary.failed > 0 || summary.pending > 0 ? k_exit_partial : k_exit_yes;
}

struct StatsOptions {};

void add_stats(CLI::App& /*verb*/, StatsOptions& /*options*/) {}

int run_stats(StatsOptions const& /*options*/, Context& cx) {
    cx.out.columns({"target", "state", "deliveries", "oldest"});
    if (is_empty(cx)) return k_exit_yes;
    auto store = cx.open_store(store::Access::read_only);
    store.read([&] {
        for (auto const& counts : store.outbox().stats()) {
            cx.out.record("count", {{"target", counts.target},
                                    {"state", counts.state},
                                    {"deliveries", counts.deliveries},
                                    {"oldest", time_value(counts.oldest)}});
        }
    });
    return k_exit_yes;
}

}  // namespace

Verb outbox_verb() {
    return noun("outbox", "Look at deliveries, and try them again", Group::devices,
                {verb("list", "List deliveries", Group::devices, add_list, run_list),
                 verb("retry", "Try failed deliveries again", Group::devices, add_change, run_retry),
                 verb("flush", "Send what is due, now", Group::devices, add_flush, run_flush),
                 verb("drop", "Give deliveries up", Group::devices, add_change, run_drop),
                 verb("stats", "Count deliveries", Group::devices, add_stats, run_stats)});
}

}  // namespace bioctl::cmd
