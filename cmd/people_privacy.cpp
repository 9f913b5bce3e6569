// people forget, people export-data: the rights of the person.

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/audit_trail.hpp"
#include "cmd/device_verbs.hpp"
#include "cmd/people_verbs.hpp"
#include "cmd/ui/confirm.hpp"
#include "lib/app/forget.hpp"
#include "lib/app/person_dossier.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct ForgetOptions {
    std::string id;
    bool yes = false;
    bool dry_run = false;
};

void add_forget(CLI::App& verb, ForgetOptions& o) {
    verb.add_option("id", o.id, "Person to forget")->required()->type_name("ID");
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
    verb.add_flag("-n,--dry-run", o.dry_run, "Change nothing, say what would go");
}

std::string count(std::int64_t number, std::string_view one, std::string_view many) {
    return counted(static_cast<std::uint64_t>(number), one, many);
}

std::string question(std::string const& id, app::Forgotten const& plan) {
    auto const& held = plan.held;
    return fmt::format("Forget {} ({}, {}, {} with {}, {} that wait and will not be sent) for good?", printable(id),
                       count(held.templates, "template", "templates"), counted(plan.portraits, "portrait", "portraits"),
                       count(held.events, "event", "events"), count(held.pictures, "picture", "pictures"),
                       count(held.waiting, "delivery", "deliveries"));
}

ui::Value array_of(std::vector<std::string> const& words) {
    ui::Value::Array array;
    for (auto const& word : words)
        array.emplace_back(word);
    return array;
}

void print_receipt(app::Forgotten const& forgotten, bool dry_run, Context& cx) {
    auto const& held = forgotten.held;
    cx.out.columns({"subject", "at", "templates", "portraits", "events", "pictures", "deliveries", "waiting", "terminals"});
    cx.out.record("forgotten", {{"subject", forgotten.subject},
                                {"at", to_rfc3339(forgotten.at)},
                                {"templates", held.templates},
                                {"portraits", forgotten.portraits},
                                {"events", held.events},
                                {"pictures", held.pictures},
                                {"deliveries", held.deliveries},
                                {"waiting", held.waiting},
                                {"derived_files", forgotten.derived},
                                {"terminals", array_of(held.terminals)},
                                {"receivers", array_of(held.receivers)},
                                {"rewritten", forgotten.is_rewritten},
                                {"log_cleared", forgotten.is_log_cleared},
                                {"elsewhere", array_of(forgotten.elsewhere)},
                                {"forgotten_before", forgotten.was_forgotten_before},
                                {"dry_run", dry_run}});
}

/// What no program on this machine can take back.
void tell_what_is_left(app::Forgotten const& forgotten, Context& cx) {
    auto const& held = forgotten.held;
    for (auto const& terminal : held.terminals) {
        cx.talk.note(
            fmt::format("left: the terminal {} may hold the face; `bioctl devices push-people --prune-all --device {}`"
                        " removes who is not enrolled, or remove it there by hand",
                        printable(terminal), shell_word(terminal)));
    }
    for (auto const& receiver : held.receivers)
        cx.talk.note(fmt::format("left: {} was sent events of this person; ask there", printable(receiver)));
    cx.talk.note("left: backups made before now, copies that `people export` wrote, and log files");
    for (auto const& place : forgotten.elsewhere)
        cx.talk.warn(fmt::format("still found, in what belongs to somebody else: {}", printable(place)));
}

int run_forget(ForgetOptions const& o, Context& cx) {
    if (!cx.has_store()) static_cast<void>(cx.open_store(store::Access::read_only));  // throws with the next step
    auto const place = forget_place(cx);
    auto const actor = local_actor();
    auto forgotten = app::forget_person(place, cx.clock, actor, o.id, app::Mode::dry_run);
    bool const ask = !forgotten.was_forgotten_before && !o.yes && !o.dry_run;
    if (ask && !ui::confirm(question(o.id, forgotten))) {
        cx.talk.note("nothing was changed");
        return k_exit_no;
    }
    if (!o.dry_run) forgotten = app::forget_person(place, cx.clock, actor, o.id, app::Mode::write);
    print_receipt(forgotten, o.dry_run, cx);
    if (o.dry_run) return k_exit_yes;
    if (forgotten.was_forgotten_before) cx.talk.note("this id was forgotten before; nothing was held of it any more");
    tell_what_is_left(forgotten, cx);
    if (forgotten.is_log_cleared) return k_exit_yes;
    cx.talk.warn(
        "another bioctl is reading, so freed bytes stay in the write-ahead log; run `bioctl store prune` when it has"
        " ended");
    return k_exit_partial;
}

struct DataOptions {
    std::string id;
    std::string folder;
};

void add_data(CLI::App& verb, DataOptions& o) {
    verb.add_option("id", o.id, "Person whose data it is")->required()->type_name("ID");
    verb.add_option("--to", o.folder, "Folder to make; one that is there must be empty")->required()->type_name("DIR");
}

int run_data(DataOptions const& o, Context& cx) {
    auto store = cx.open_store(store::Access::read_only);
    app::Zone const zone{cx.settings.timezone()};
    auto const dossier = app::export_dossier({store, cx.media_dir(), zone}, cx.clock, o.id, o.folder);
    cx.out.columns({"folder", "templates", "portraits", "events", "pictures", "deliveries", "terminals", "audit_rows"});
    cx.out.record("exported", {{"folder", dossier.folder.string()},
                               {"templates", dossier.templates},
                               {"portraits", dossier.portraits},
                               {"events", dossier.events},
                               {"pictures", dossier.pictures},
                               {"deliveries", dossier.deliveries},
                               {"terminals", dossier.terminals},
                               {"audit_rows", dossier.audit_rows},
                               {"missing", array_of(dossier.missing)}});
    for (auto const& path : dossier.missing)
        cx.talk.warn(fmt::format("{} is in the store and not on the disk", printable(path)));
    return dossier.missing.empty() ? k_exit_yes : k_exit_partial;
}

}  // namespace

app::ForgetPlace forget_place(Context const& cx) {
    return {.open = [&cx] { return cx.open_store(store::Access::read_write); }, .data_dir = cx.data_dir()};
}

Verb people_forget_verb() {
    return verb("forget", "Erase a person from everything that is kept, and give a receipt", Group::people, add_forget,
                run_forget);
}

Verb people_data_verb() {
    return verb("export-data", "Write all that is held about a person to a folder, to hand over", Group::people, add_data,
                run_data);
}

}  // namespace bioctl::cmd
