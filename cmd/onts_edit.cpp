#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/audit_trail.hpp"
#include "cmd/ont_verbs.hpp"
#include "cmd/ui/confirm.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct ConfigOptions {
    app::OntChange change;
    std::vector<std::string> tags;
};

void add_config(CLI::App& verb, ConfigOptions& o) {
    verb.add_option("--customer-id", o.change.customer_id, "Number of the customer; no two ONTs have the same")->type_name("ID");
    verb.add_option("--location", o.change.location, "Where it is: a village, a street")->type_name("TEXT");
    verb.add_option("--ip,--host", o.change.host, "Address or host name to ping; without one it is not pinged")
        ->type_name("HOST");
    verb.add_option("--latitude", o.change.latitude, "Degrees: -7.7956, '7.7956 S', 7°47'44\" S")->type_name("DEGREES");
    verb.add_option("--longitude", o.change.longitude, "Degrees: 110.3695, '110.3695 E'")->type_name("DEGREES");
    verb.add_option("--parent", o.change.parent, "What it hangs on: id, customer id or name of an OLT, a switch or an ONT")
        ->type_name("ONT");
    verb.add_option("--kind", o.change.kind, "What it is")->type_name("ont|olt|switch");
    verb.add_option("--group", o.tags, "Tag; may be given several times; one '' takes all away")
        ->type_name("TAG")
        ->allow_extra_args(false);  // else it would eat the name behind it
    // As a function: an optional flag that is not given would be set to false.
    verb.add_flag_function(
        "--enable,!--disable", [&o](std::int64_t sign) { o.change.enabled = sign > 0; }, "Ping it, or not");
}

app::OntChange change_of(ConfigOptions const& o) {
    auto change = o.change;
    if (o.tags.empty()) return change;
    change.tags.emplace();
    for (auto const& tag : o.tags) {
        if (!tag.empty() || o.tags.size() > 1) change.tags->push_back(tag);
    }
    return change;
}

void show(Context& cx, std::string_view type, store::Ont const& ont) {
    begin_ont_columns(cx);
    cx.out.record(type, fields_of(ont));
}

/// Two with one address are pinged twice and are down together: mostly a slip, at times meant.
void warn_of_twins(Context& cx, store::Store& store, store::Ont const& ont) {
    if (ont.config.host.empty()) return;
    for (auto const& other : store.onts().list()) {
        if (other.id != ont.id && other.config.host == ont.config.host)
            cx.talk.warn(fmt::format("{} (id {}) has the same address", printable(other.config.name), other.id));
    }
}

struct AddOptions {
    ConfigOptions config;
    std::string name;
};

void add_add(CLI::App& verb, AddOptions& o) {
    verb.add_option("name", o.name, "Name of the customer, or of the OLT")->required()->type_name("NAME");
    add_config(verb, o.config);
}

int run_add(AddOptions const& o, Context& cx) {
    auto wanted = change_of(o.config);
    wanted.name = o.name;
    auto store = cx.open_store(store::Access::read_write);
    store::Together change_and_row{store};
    auto const ont = app::add_ont(ont_registry(cx, store), wanted);
    record_change(cx, store, "onts.add", ont.config.name, {{"id", fmt::format("{}", ont.id)}});
    change_and_row.commit();
    show(cx, "added", ont);
    warn_of_twins(cx, store, ont);
    return k_exit_yes;
}

struct EditOptions {
    ConfigOptions config;
    std::string ont;
    std::optional<std::string> name;
    bool dry_run = false;
};

void add_edit(CLI::App& verb, EditOptions& o) {
    verb.add_option("ont", o.ont, "Its id, customer id or name")->required()->type_name("ONT");
    verb.add_option("--name", o.name, "Another name")->type_name("NAME");
    add_config(verb, o.config);
    verb.add_flag("-n,--dry-run", o.dry_run, "Change nothing, say whether it would work");
}

int run_edit(EditOptions const& o, Context& cx) {
    auto change = change_of(o.config);
    change.name = o.name;
    bool const is_empty = !change.name && !change.customer_id && !change.location && !change.host && !change.latitude &&
                          !change.longitude && !change.parent && !change.kind && !change.tags && !change.enabled;
    if (is_empty) throw Error{Kind::usage, "onts edit: say what to change; `bioctl onts edit --help` lists what can be"};
    auto store = open_ont_store(cx, o.dry_run ? store::Access::read_only : store::Access::read_write);
    auto const mode = o.dry_run ? app::Mode::dry_run : app::Mode::write;
    std::optional<store::Together> change_and_row;
    if (!o.dry_run) change_and_row.emplace(store);
    auto const ont = app::edit_ont(ont_registry(cx, store, mode), o.ont, change);
    if (change_and_row) {
        record_change(cx, store, "onts.edit", ont.config.name, {{"id", fmt::format("{}", ont.id)}});
        change_and_row->commit();
    }
    show(cx, "edited", ont);
    if (change.host) warn_of_twins(cx, store, ont);
    return k_exit_yes;
}

struct RemoveOptions {
    std::vector<std::string> onts;
    bool yes = false, dry_run = false;
};

void add_remove(CLI::App& verb, RemoveOptions& o) {
    verb.add_option("ont", o.onts, "Ids, customer ids or names")->required()->type_name("ONT");
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
    verb.add_flag("-n,--dry-run", o.dry_run, "Remove nothing, say what would be");
}

void record_removal(std::vector<store::Ont> const& removed, store::Store& store, Context& cx) {
    store.write([&] {
        for (auto const& ont : removed)
            app::record(store, cx.clock, local_actor(), "onts.remove", ont.config.name, {{"id", fmt::format("{}", ont.id)}});
    });
}

int run_remove(RemoveOptions const& o, Context& cx) {
    auto store = open_ont_store(cx, o.dry_run ? store::Access::read_only : store::Access::read_write);
    auto const rehearsed = app::remove_onts(ont_registry(cx, store, app::Mode::dry_run), o.onts);
    auto const question =
        fmt::format("Remove {}? Outages and history stay.",
                    rehearsed.size() == 1 ? fmt::format("{} (id {})", printable(rehearsed[0].config.name), rehearsed[0].id)
                                          : counted(rehearsed.size(), "ONT", "ONTs"));
    if (!o.dry_run && !o.yes && !ui::confirm(question)) {
        cx.talk.note("nothing was removed");
        return k_exit_no;
    }
    begin_ont_columns(cx);
    auto const removed = o.dry_run ? rehearsed : app::remove_onts(ont_registry(cx, store), o.onts);
    if (!o.dry_run) record_removal(removed, store, cx);
    for (auto const& ont : removed)
        cx.out.record("removed", fields_of(ont));
    return k_exit_yes;
}

}  // namespace

Verb onts_add_verb() {
    return verb("add", "Add an ONT, an OLT or a switch", Group::network, add_add, run_add);
}

Verb onts_edit_verb() {
    return verb("edit", "Change an ONT", Group::network, add_edit, run_edit);
}

Verb onts_remove_verb() {
    return verb("remove", "Remove ONTs; their outages and history stay", Group::network, add_remove, run_remove);
}

}  // namespace bioctl::cmd
