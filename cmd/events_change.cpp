#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/event_verbs.hpp"
#include "cmd/ui/confirm.hpp"
#include "lib/app/event_prune.hpp"
#include "lib/app/moment.hpp"
#include "lib/base/text.hpp"
#include "lib/store/outbox.hpp"

namespace bioctl::cmd {

namespace {

struct ResendOptions {
    EventFlags flags;
    std::vector<std::int64_t> ids;
    std::optional<std::string> target;
    bool yes = false;
};

void add_resend(CLI::App& verb, ResendOptions& o) {
    verb.add_option("id", o.ids, "Events to send again")->type_name("EVENT");
    verb.add_option("--target", o.target, "Only to this target")->type_name("NAME");
    add_event_flags(verb, o.flags);
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
}

bool has_filter(EventFlags const& f) {
    return !f.devices.empty() || !f.locations.empty() || f.person || f.since || f.until || f.kind || f.delivery || f.picture ||
           f.verdict;
}

int run_resend(ResendOptions const& o, Context& cx) {
    if (o.ids.empty() && !has_filter(o.flags))
        throw Error{Kind::usage, "events resend: say which events: their numbers, or --since, --device and the like"};
    if (!o.ids.empty() && has_filter(o.flags))
        throw Error{Kind::usage, "events resend: name events, or choose them with --device, --since and the like, but not both"};
    auto store = open_device_store(cx, store::Access::read_write);
    if (o.target && !store.outbox().target(*o.target))
        throw Error{Kind::no_input,
                    fmt::format("there is no target '{}'; `bioctl targets list` shows all", printable(*o.target))};
    auto ids = o.ids;
    if (ids.empty()) {
        auto const filter = filter_of(o.flags, cx);
        require_known(store, filter);
        store.read([&] {
            store.events().each(filter, [&](store::Event const& event) {
                ids.push_back(event.id);
                return true;
            });
        });
    }
    auto const events = counted(ids.size(), "event", "events");
    if (o.ids.empty() && !ids.empty() && !o.yes && !ui::confirm(fmt::format("Send {} again?", events))) {
        cx.talk.note("nothing will be sent");
        return k_exit_no;
    }
    cx.out.columns({"id", "deliveries"});
    int queued = 0;
    store.write([&] {
        queued = 0;
        for (auto const id : ids) {
            if (!store.events().get(id))
                throw Error{Kind::no_input, fmt::format("there is no event {}; nothing is sent again", id)};
            auto const deliveries = store.outbox().resend(id, o.target, cx.clock.now());
            queued += deliveries;
            cx.out.record("resent", {{"id", id}, {"deliveries", deliveries}});
        }
    });
    cx.talk.note(fmt::format("{} of {} will be sent again by the next `bioctl outbox flush` or sync",
                             counted(static_cast<std::uint64_t>(queued), "delivery", "deliveries"), events));
    return queued > 0 ? k_exit_yes : k_exit_no;
}

struct PruneOptions {
    std::optional<std::string> before, pictures_before;
    std::optional<std::string> max_pictures;
    bool yes = false, dry_run = false;
};

void add_prune(CLI::App& verb, PruneOptions& o) {
    verb.add_option("--before", o.before, "Delete events before this time with their pictures: 2026-01-01, 90d")
        ->type_name("TIME");
    verb.add_option("--pictures-before", o.pictures_before, "Delete only the pictures of events before this time")
        ->type_name("TIME");
    verb.add_option("--max-pictures", o.max_pictures, "Delete the oldest pictures until the rest takes no more than this")
        ->type_name("SIZE");
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
    verb.add_flag("-n,--dry-run", o.dry_run, "Delete nothing, say what would go");
}

int run_prune(PruneOptions const& o, Context& cx) {
    if (!o.before && !o.pictures_before && !o.max_pictures)
        throw Error{Kind::usage, "events prune: say what to delete with --before, --pictures-before or --max-pictures"};
    app::Zone const zone{cx.settings.timezone()};
    app::PruneRules rules;
    auto const now = cx.clock.now();
    if (o.before) rules.events_before = zone.parse(*o.before, now).or_throw();
    if (o.pictures_before) rules.pictures_before = zone.parse(*o.pictures_before, now).or_throw();
    if (o.max_pictures) rules.max_picture_bytes = parse_size(*o.max_pictures);
    auto store = open_device_store(cx, store::Access::read_write);
    auto const plan = app::prune_events(store, cx.media_dir(), rules, app::Mode::dry_run);
    auto const text =
        fmt::format("{} and {} ({})", counted(static_cast<std::uint64_t>(plan.events), "event", "events"),
                    counted(static_cast<std::uint64_t>(plan.pictures), "picture", "pictures"), human_size(plan.bytes));
    bool const has_work = plan.events > 0 || plan.pictures > 0;
    if (has_work && !o.dry_run && !o.yes && !ui::confirm(fmt::format("Delete {} for good?", text))) {
        cx.talk.note("nothing was deleted");
        return k_exit_no;
    }
    auto const done = o.dry_run ? plan : app::prune_events(store, cx.media_dir(), rules, app::Mode::write);
    cx.out.columns({"events", "pictures", "bytes"});
    cx.out.record("pruned", {{"events", done.events},
                             {"pictures", done.pictures},
                             {"bytes", static_cast<std::int64_t>(done.bytes)},
                             {"dry_run", o.dry_run}});
    if (done.waiting > 0)
        cx.talk.note(fmt::format("{} stay: a delivery waits for them, or the next sync reads them again",
                                 counted(static_cast<std::uint64_t>(done.waiting), "event", "events")));
    return k_exit_yes;
}

}  // namespace

Verb events_resend_verb() {
    return verb("resend", "Send events again to their targets", Group::devices, add_resend, run_resend);
}

Verb events_prune_verb() {
    return verb("prune", "Delete old events and pictures", Group::devices, add_prune, run_prune);
}

}  // namespace bioctl::cmd
