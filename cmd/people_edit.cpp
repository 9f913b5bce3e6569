#include <CLI/CLI.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cmd/audit_trail.hpp"
#include "cmd/people_verbs.hpp"
#include "cmd/setting_flag.hpp"
#include "cmd/ui/confirm.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/app/thresholds.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

app::Mode mode_of(bool dry_run) {
    return dry_run ? app::Mode::dry_run : app::Mode::write;
}

struct RenameOptions {
    std::string id;
    app::Renaming change;
    bool dry_run = false;
};

void add_rename(CLI::App& verb, RenameOptions& o) {
    verb.add_option("id", o.id, "Person to rename")->required()->type_name("ID");
    verb.add_option("--name", o.change.name, "New name; an empty one removes it")->type_name("TEXT");
    verb.add_option("--id", o.change.id, "New id, which nobody has yet")->type_name("ID");
    verb.add_flag("-n,--dry-run", o.dry_run, "Change nothing, say what would change");
}

int run_rename(RenameOptions const& o, Context& cx) {
    if (!o.change.name && !o.change.id) throw Error{Kind::usage, "people rename: say what to change with --name or --id"};
    auto store = cx.open_store(access_to_change(cx));
    std::optional<store::Together> change_and_row;
    if (!o.dry_run) change_and_row.emplace(store);
    auto const person = app::rename_person(store, cx.clock, o.id, o.change, mode_of(o.dry_run));
    if (change_and_row) {
        record_change(cx, store, "people.rename", app::subject_of_person(o.id), {{"now", app::subject_of_person(person.id)}});
        change_and_row->commit();
    }
    cx.out.columns({"person_id", "name", "previous_id"});
    cx.out.record("renamed", {{"person_id", person.id}, {"name", person.name}, {"previous_id", o.id}, {"dry_run", o.dry_run}});
    return k_exit_yes;
}

struct RemoveOptions {
    std::vector<std::string> ids;
    bool yes = false;
    bool dry_run = false;
};

void add_remove(CLI::App& verb, RemoveOptions& o) {
    verb.add_option("id", o.ids, "People to remove")->required()->type_name("ID");
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
    verb.add_flag("-n,--dry-run", o.dry_run, "Remove nothing, say what would go");
}

std::string question(app::RemovalReport const& plan) {
    constexpr std::size_t k_shown = 5;
    std::size_t templates = 0;
    std::vector<std::string> names;
    for (auto const& removal : plan.removed) {
        templates += removal.templates;
        if (names.size() < k_shown) names.push_back(printable(removal.person_id));
    }
    if (plan.removed.size() > k_shown) names.emplace_back("...");
    return fmt::format("Remove {} ({}, {}) for good?", fmt::join(names, ", "), counted(plan.removed.size(), "person", "people"),
                       counted(templates, "template", "templates"));
}

void tell_removal(app::RemovalReport const& report, bool dry_run, Context& cx) {
    cx.out.columns({"result", "person_id", "templates", "crops", "reason"});
    for (auto const& removal : report.removed) {
        tell(
            cx, "removed",
            {{"person_id", removal.person_id}, {"templates", removal.templates}, {"crops", removal.crops}, {"dry_run", dry_run}});
    }
    for (auto const& id : report.unknown) {
        cx.talk.warn(fmt::format("nobody has the id '{}'", printable(id)));
        tell(cx, "rejected", {{"person_id", id}, {"reason", "unknown_person"}});
    }
    if (report.strays > 0) cx.talk.note(fmt::format("deleted {} portraits that an interrupted run had left", report.strays));
    if (!report.log_cleared) {
        cx.talk.warn(
            "another bioctl is reading: freed bytes stay in the write-ahead log until it ends and the store is written again");
    }
}

void record_removal(app::RemovalReport const& report, store::Store& store, Context& cx) {
    for (auto const& removal : report.removed) {
        app::record(store, cx.clock, local_actor(), "people.remove", app::subject_of_person(removal.person_id),
                    {{"templates", fmt::format("{}", removal.templates)}});
    }
}

int run_remove(RemoveOptions const& o, Context& cx) {
    auto store = cx.open_store(access_to_change(cx));
    auto report = app::remove_people(store, cx.media_dir(), o.ids, app::Mode::dry_run);
    bool const ask = !report.removed.empty() && !o.yes && !o.dry_run;
    if (ask && !ui::confirm(question(report))) {
        cx.talk.note("nothing was removed");
        return k_exit_no;
    }
    if (!o.dry_run) {
        report = app::remove_people(store, cx.media_dir(), o.ids, app::Mode::write,
                                    [&](app::RemovalReport const& removed) { record_removal(removed, store, cx); });
    }
    if (report.removed.empty() && o.ids.size() == 1) static_cast<void>(app::require_person(store, o.ids.front()));
    tell_removal(report, o.dry_run, cx);
    return report.unknown.empty() ? k_exit_yes : k_exit_partial;
}

struct MergeOptions {
    std::string from, into;
    bool yes = false;
    bool dry_run = false;
};

void add_merge(CLI::App& verb, MergeOptions& o) {
    verb.add_option("from", o.from, "Person to give up")->required()->type_name("ID");
    verb.add_option("into", o.into, "Person to keep")->required()->type_name("ID");
    add_setting(verb, "-t,--threshold", "threshold", "Distance up to which two faces look alike");
    add_setting(verb, "--palm-threshold", "palm_threshold", "The same for two people without a face");
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
    verb.add_flag("-n,--dry-run", o.dry_run, "Change nothing, say what would change");
}

void warn_if_unlike(MergeOptions const& o, app::Merger const& merger, Context& cx) {
    if (merger.alike) return;
    cx.talk.warn(fmt::format("{} and {} do not look like one person: their nearest templates are {:.3f} apart", printable(o.from),
                             printable(o.into), *merger.distance));
}

int run_merge(MergeOptions const& o, Context& cx) {
    FaceWorkspace const people{cx, opening_to_change(cx)};
    auto const own = people.contract().threshold_verify;
    app::MergeThresholds const thresholds{.face = cx.settings.threshold() ? cx.settings.threshold() : own,
                                          .palm = app::palm_verify_threshold(cx.settings.palm_threshold())};
    auto merger = app::merge_people(people.get(), o.from, o.into, thresholds, app::Mode::dry_run);
    warn_if_unlike(o, merger, cx);
    auto const question = fmt::format("Move {} of {} to {} and remove {}?",
                                      counted(static_cast<std::uint64_t>(merger.templates), "template", "templates"),
                                      printable(o.from), printable(o.into), printable(o.from));
    if (!o.yes && !o.dry_run && !ui::confirm(question)) {
        cx.talk.note("nothing was changed");
        return k_exit_no;
    }
    if (!o.dry_run) {
        store::Together change_and_row{people.get().store};
        merger = app::merge_people(people.get(), o.from, o.into, thresholds, app::Mode::write);
        record_change(cx, people.get().store, "people.merge", app::subject_of_person(o.from),
                      {{"into", app::subject_of_person(o.into)}});
        change_and_row.commit();
    }
    cx.out.columns({"from", "into", "templates", "distance", "alike"});
    cx.out.record("merged", {{"from", o.from},
                             {"into", o.into},
                             {"templates", merger.templates},
                             {"distance", distance_value(merger.distance)},
                             {"alike", merger.alike},
                             {"dry_run", o.dry_run}});
    return k_exit_yes;
}

}  // namespace

Verb people_rename_verb() {
    return verb("rename", "Change the name or the id of a person", Group::people, add_rename, run_rename);
}

Verb people_remove_verb() {
    return verb("remove", "Delete people with their templates and portraits", Group::people, add_remove, run_remove);
}

Verb people_merge_verb() {
    return verb("merge", "Make one person of two", Group::people, add_merge, run_merge);
}

}  // namespace bioctl::cmd
