#include <algorithm>

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/device_verbs.hpp"
#include "cmd/ui/confirm.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/maintenance.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

/// What the window is for, in words: the name of the ONT rather than its id.
std::string subject_of(store::MaintenanceConfig const& config, store::Store& store) {
    if (config.scope != "ont" && config.scope != "parent") return config.scope_value;
    for (auto const& ont : store.onts().list()) {
        if (fmt::format("{}", ont.id) == config.scope_value) return ont.config.name;
    }
    return fmt::format("id {}, which is removed", config.scope_value);
}

void begin(Context& cx) {
    cx.out.columns({"id", "scope", "subject", "starts", "zone", "duration", "repeats", "until", "state", "next", "reason"});
}

void show(Context& cx, std::string_view type, store::Maintenance const& window, store::Store& store) {
    auto const& config = window.config;
    auto const now = cx.clock.now();
    auto const next = app::next_start(config, now);
    cx.out.record(type, {{"id", window.id == 0 ? ui::Value{} : ui::Value{window.id}},
                         {"scope", config.scope},
                         {"value", text_or_null(config.scope_value)},
                         {"subject", text_or_null(subject_of(config, store))},
                         {"starts", config.starts},
                         {"zone", config.zone},
                         {"duration", app::to_duration(config.duration_s)},
                         {"duration_s", config.duration_s},
                         {"repeats", config.repeats},
                         {"until", text_or_null(config.until)},
                         {"state", app::is_active(config, now) ? "active"
                                   : next                      ? "planned"
                                                               : "over"},
                         {"next", next ? ui::Value{to_rfc3339(*next)} : ui::Value{}},
                         {"reason", text_or_null(config.reason)},
                         {"created_at", time_value(window.created_at)}});
}

struct AddOptions {
    app::MaintenanceWish wish;
    bool dry_run = false;
};

void add_add(CLI::App& verb, AddOptions& o) {
    verb.add_option("scope", o.wish.scope, "Which ONTs are meant")
        ->required()
        ->type_name("all|ont|parent|location|group")
        ->check(CLI::IsMember({"all", "ont", "parent", "location", "group"}));
    verb.add_option("value", o.wish.value, "The ONT, the parent (with all below it), the location or the tag")
        ->type_name("VALUE");
    verb.add_option("--start", o.wish.start, "Wall time at which it begins: 2026-12-01T22:00")->required()->type_name("TIME");
    verb.add_option("--duration", o.wish.duration, "How long it lasts: 4h, 90m, 1h30m, 2d")->required()->type_name("DURATION");
    verb.add_option("--zone", o.wish.zone, "Time zone of the start, such as Asia/Jakarta; without it the configured one")
        ->type_name("ZONE");
    verb.add_option("--repeat", o.wish.repeat, "How often it comes")
        ->type_name("once|daily|weekly")
        ->check(CLI::IsMember({"once", "daily", "weekly"}))
        ->capture_default_str();
    verb.add_option("--until", o.wish.until, "Last day on which it begins: 2026-12-31; without it there is none")
        ->type_name("DATE");
    verb.add_option("--reason", o.wish.reason, "What is done")->type_name("TEXT");
    verb.add_flag("-n,--dry-run", o.dry_run, "Store nothing, show the window");
}

int run_add(AddOptions const& o, Context& cx) {
    auto wish = o.wish;
    if (wish.zone.empty()) wish.zone = cx.settings.timezone();
    auto store = cx.open_store_to_change(o.dry_run);
    auto const window = app::add_maintenance(store, cx.clock, wish, o.dry_run ? app::Mode::dry_run : app::Mode::write);
    begin(cx);
    show(cx, "added", window, store);
    auto const now = cx.clock.now();
    if (!app::is_active(window.config, now) && !app::next_start(window.config, now)) cx.talk.warn("this window is over already");
    auto const subjects = app::subjects_of(store.onts().list());
    bool const has_any = std::ranges::any_of(subjects, [&](auto const& subject) { return app::covers(window.config, subject); });
    if (!has_any) cx.talk.warn("no ONT is meant by it");
    return k_exit_yes;
}

struct ListOptions {};

void add_list(CLI::App& /*verb*/, ListOptions& /*options*/) {}

int run_list(ListOptions const& /*options*/, Context& cx) {
    begin(cx);
    if (cx.has_store()) {
        auto store = cx.open_store(store::Access::read_only);
        for (auto const& window : store.maintenance().list())
            show(cx, "maintenance", window, store);
    }
    if (cx.out.records() == 0) cx.talk.note("there are no maintenance windows yet; `bioctl maintenance add` adds one");
    return k_exit_yes;
}

struct RemoveOptions {
    std::vector<std::int64_t> ids;
    bool yes = false;
};

void add_remove(CLI::App& verb, RemoveOptions& o) {
    verb.add_option("id", o.ids, "Numbers of the windows")->required()->type_name("WINDOW");
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
}

int run_remove(RemoveOptions const& o, Context& cx) {
    if (!cx.has_store()) throw Error{Kind::no_input, "there are no maintenance windows yet; `bioctl maintenance add` adds one"};
    auto store = cx.open_store(store::Access::read_write);
    if (!o.yes && !ui::confirm(fmt::format("Remove {}?", counted(o.ids.size(), "maintenance window", "maintenance windows")))) {
        cx.talk.note("nothing was removed");
        return k_exit_no;
    }
    auto const removed = app::remove_maintenance(store, cx.clock, o.ids);
    begin(cx);
    for (auto const& window : removed)
        show(cx, "removed", window, store);
    return k_exit_yes;
}

}  // namespace

Verb maintenance_verb() {
    return noun("maintenance", "Plan the hours in which nobody is told of outages", Group::network,
                {verb("add", "Add a maintenance window", Group::network, add_add, run_add),
                 verb("list", "List the maintenance windows", Group::network, add_list, run_list),
                 verb("remove", "Remove maintenance windows", Group::network, add_remove, run_remove)});
}

}  // namespace bioctl::cmd
