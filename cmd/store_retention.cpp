// store retention, store prune: for how long what is kept.

#include <CLI/CLI.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cmd/audit_trail.hpp"
#include "cmd/device_verbs.hpp"
#include "cmd/people_verbs.hpp"
#include "cmd/store_verbs.hpp"
#include "cmd/ui/confirm.hpp"
#include "lib/app/retention.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr Group k_group = Group::store;

store::Store open_store_that_is_there(Context& cx, store::Access access) {
    if (!cx.has_store())
        throw Error{Kind::no_input,
                    fmt::format("{} is not there: nothing is kept yet; see --data-dir", printable(cx.store_file().native()))};
    return cx.open_store(access);
}

void print_rules(store::Store& store, Context& cx) {
    cx.out.columns({"kind", "keep", "meaning"});
    std::vector<store::KeptRule> rules;
    store.read([&] { rules = store.retention().rules(); });
    for (auto const kind : store::k_all_kept) {
        std::optional<std::chrono::seconds> age;
        for (auto const& rule : rules) {
            if (rule.kind == kind) age = rule.age;
        }
        cx.out.record("rule", {{"kind", store::name_of(kind)},
                               {"keep", age ? app::rule_text(*age) : "off"},
                               {"keep_s", age ? ui::Value{std::int64_t{age->count()}} : ui::Value{}},
                               {"meaning", app::meaning_of(kind)}});
    }
}

struct ShowOptions {};

void add_show(CLI::App& /*verb*/, ShowOptions& /*o*/) {}

int run_show(ShowOptions const& /*o*/, Context& cx) {
    auto store = open_store_that_is_there(cx, store::Access::read_only);
    print_rules(store, cx);
    return k_exit_yes;
}

struct SetOptions {
    std::vector<std::string> rules;
};

void add_set(CLI::App& verb, SetOptions& o) {
    verb.add_option("rule", o.rules, "Kind and age: events=365d pictures=90d unknown=8h; off keeps it for ever")
        ->required()
        ->type_name("KIND=AGE");
}

int run_set(SetOptions const& o, Context& cx) {
    std::vector<app::RuleWish> wishes;
    app::AuditDetail detail;
    for (auto const& text : o.rules) {
        wishes.push_back(app::parse_rule(text).or_throw());
        auto const& wish = wishes.back();
        detail.emplace_back(store::name_of(wish.kind), wish.age ? app::rule_text(*wish.age) : "off");
    }
    auto store = open_store_that_is_there(cx, store::Access::read_write);
    store::Together change_and_row{store};
    app::set_rules(store, wishes);
    record_change(cx, store, "store.retention", "", detail);
    change_and_row.commit();
    print_rules(store, cx);
    cx.talk.note("`bioctl store prune` applies the rules; run it from cron");
    return k_exit_yes;
}

struct PruneOptions {
    bool yes = false;
    bool dry_run = false;
};

void add_prune(CLI::App& verb, PruneOptions& o) {
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
    verb.add_flag("-n,--dry-run", o.dry_run, "Delete nothing, say what would go");
}

void print_pruned(app::StorePruned const& pruned, bool dry_run, Context& cx) {
    cx.out.columns({"kind", "rows", "bytes", "waiting", "before"});
    for (auto const& kind : pruned.kinds) {
        cx.out.record("pruned", {{"kind", store::name_of(kind.kind)},
                                 {"rows", kind.rows},
                                 {"bytes", static_cast<std::int64_t>(kind.bytes)},
                                 {"waiting", kind.waiting},
                                 {"before", to_rfc3339(kind.before)},
                                 {"dry_run", dry_run}});
        if (kind.waiting > 0) {
            cx.talk.note(fmt::format("{} older {} stay: a delivery waits for them; see `bioctl outbox list`", kind.waiting,
                                     store::name_of(kind.kind)));
        }
    }
    if (pruned.had_leftovers) cx.talk.note("deleted the files that a killed run had left");
}

std::string question(app::StorePruned const& plan) {
    std::vector<std::string> parts;
    for (auto const& kind : plan.kinds) {
        if (kind.rows > 0) parts.push_back(fmt::format("{} of {}", kind.rows, store::name_of(kind.kind)));
    }
    return fmt::format("Delete {} for good?", fmt::join(parts, ", "));
}

void record_prune(app::StorePruned const& pruned, store::Store& store, Context& cx) {
    app::AuditDetail detail;
    for (auto const& kind : pruned.kinds) {
        if (kind.rows > 0) detail.emplace_back(store::name_of(kind.kind), fmt::format("{}", kind.rows));
    }
    if (!detail.empty()) record_change(cx, store, "store.prune", "", detail);
}

int prune(Context& cx) {
    auto store = cx.open_store(store::Access::read_write);
    auto const pruned = app::prune_store(store, cx.media_dir(), cx.clock.now(), app::Mode::write, is_stopped);
    record_prune(pruned, store, cx);
    print_pruned(pruned, false, cx);
    return pruned.is_stopped ? 128 + stop_signal.load() : k_exit_yes;
}

int run_prune(PruneOptions const& o, Context& cx) {
    {
        auto store = open_store_that_is_there(cx, o.dry_run ? store::Access::read_only : store::Access::read_write);
        auto const now = cx.clock.now();
        auto const plan = app::prune_store(store, cx.media_dir(), now, app::Mode::dry_run, is_stopped);
        if (plan.kinds.empty())
            cx.talk.note("there are no rules, so everything is kept; `bioctl store retention set events=365d` makes one");
        if (o.dry_run) {
            print_pruned(plan, true, cx);
            return k_exit_yes;
        }
        bool has_work = false;
        for (auto const& kind : plan.kinds)
            has_work = has_work || kind.rows > 0;
        if (has_work && !o.yes && !ui::confirm(question(plan))) {
            cx.talk.note("nothing was deleted");
            return k_exit_no;
        }
    }
    auto const lock = lock_out_others(cx, "store-prune", "pruning");
    auto const status = prune(cx);
    // No store may be open in this process meanwhile.
    if (status == k_exit_yes && app::finish_forgetting(forget_place(cx)))
        cx.talk.note("finished what a `people forget` had left");
    return status;
}

}  // namespace

Verb store_retention_verb() {
    return noun("retention", "Look at and change for how long what is kept", k_group,
                {verb("show", "Show the rule of each kind of data", k_group, add_show, run_show),
                 verb("set", "Set for how long a kind of data is kept", k_group, add_set, run_set)});
}

Verb store_prune_verb() {
    return verb("prune", "Delete what is older than the rules allow, for cron", k_group, add_prune, run_prune);
}

}  // namespace bioctl::cmd
