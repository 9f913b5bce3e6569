// store vacuum, store migrate: the whole file of the store is written anew.

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/audit_trail.hpp"
#include "cmd/store_verbs.hpp"
#include "lib/app/people_media.hpp"
#include "lib/app/store_change.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr Group k_group = Group::store;

struct VacuumOptions {
    bool dry_run = false;
};

void add_vacuum(CLI::App& verb, VacuumOptions& o) {
    verb.add_flag("-n,--dry-run", o.dry_run, "Change nothing, say what would come free and what room is needed");
}

int run_vacuum(VacuumOptions const& o, Context& cx) {
    require_store(cx);
    auto store = cx.open_store(o.dry_run ? store::Access::read_only : store::Access::read_write);
    auto const need = app::room_for_vacuum(store);
    cx.talk.note(fmt::format("needs {} of free room for a while, {} are free; others wait until it ends", human_size(need.wanted),
                             human_size(need.available)));
    auto const freed = o.dry_run ? need.free_pages_bytes : app::vacuum_store(store);
    if (!o.dry_run) {
        record_change(cx, store, "store.vacuum", "", {{"freed_bytes", fmt::format("{}", freed)}});
        if (!app::clear_write_log(store))
            cx.talk.warn("another bioctl is reading: the log beside the store is emptied when it ends");
    }
    cx.out.columns({"freed_bytes"});
    cx.out.record(
        "vacuumed",
        {{"freed_bytes", freed}, {"room_needed_bytes", need.wanted}, {"room_bytes", need.available}, {"dry_run", o.dry_run}});
    return k_exit_yes;
}

struct MigrateOptions {
    std::optional<fs::path> backup;
    bool dry_run = false;
};

void add_migrate(CLI::App& verb, MigrateOptions& o) {
    verb.add_option("--backup", o.backup, "First copy bioctl.db as it is to this folder, for the bioctl that wrote it")
        ->type_name("DIR");
    verb.add_flag("-n,--dry-run", o.dry_run, "Change nothing, say from which version to which");
}

int run_migrate(MigrateOptions const& o, Context& cx) {
    require_store(cx);
    auto const from = store::Store::version_of(cx.store_file());
    int const to = store::newest_schema_version();
    if (from > to) {
        throw Error{Kind::config,
                    fmt::format("{} was written by a newer bioctl (schema {}, this one knows {}); there is no way back: install "
                                "that one, or `bioctl store restore` a backup of this one",
                                printable(cx.store_file().string()), from, to)};
    }
    std::optional<fs::path> copy;
    if (from < to && !o.dry_run) {
        if (o.backup) copy = app::copy_store_as_it_is(cx.store_file(), *o.backup, from, cx.clock);
        auto store = cx.open_store(store::Access::read_write);
        record_change(cx, store, "store.migrate", "", {{"from", fmt::format("{}", from)}, {"to", fmt::format("{}", to)}});
    }
    cx.out.columns({"from", "to", "backup"});
    cx.out.record(
        "migrated",
        {{"from", from}, {"to", to}, {"backup", copy ? ui::Value{copy->string()} : ui::Value{}}, {"dry_run", o.dry_run}});
    if (from == to) cx.talk.note(fmt::format("schema {} is the newest that this bioctl knows", from));
    return k_exit_yes;
}

}  // namespace

Verb store_vacuum_verb() {
    return verb("vacuum", "Give the room of what was deleted back to the disk", k_group, add_vacuum, run_vacuum);
}

Verb store_migrate_verb() {
    return verb("migrate", "Bring the store of an older bioctl to this one's schema", k_group, add_migrate, run_migrate);
}

}  // namespace bioctl::cmd
