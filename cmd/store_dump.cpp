// store export, store import: the store as lines of JSON.

#include <cerrno>
#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/audit_trail.hpp"
#include "cmd/store_verbs.hpp"
#include "cmd/version.hpp"
#include "lib/app/store_dump.hpp"
#include "lib/base/file.hpp"
#include "lib/base/file_copy.hpp"
#include "lib/base/partial_file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr Group k_group = Group::store;

app::DumpPlan plan_of(Context& cx, ui::Progress& progress) {
    return {.data_dir = cx.data_dir(),
            .bioctl_version = std::string{version()},
            .actor = local_actor(),
            .go_on = [&](std::uint64_t rows, std::uint64_t files) {
                progress.advance(rows + files);
                return stop_signal.load() == 0;
            }};
}

void tell(Context& cx, std::string_view what, app::DumpReport const& report) {
    cx.talk.note(fmt::format("{} {} and {}", what, counted(report.rows, "row", "rows"), counted(report.files, "file", "files")));
    if (report.absent > 0) {
        cx.talk.warn(
            fmt::format("{} that rows name were not there; see `bioctl store check`", counted(report.absent, "file", "files")));
    }
}

struct ExportOptions {
    fs::path file = "-";
    bool force = false;
};

void add_export(CLI::App& verb, ExportOptions& o) {
    verb.add_option("file", o.file, "File to write, for its owner only; - is standard output")
        ->type_name("FILE")
        ->capture_default_str();
    verb.add_flag("-f,--force", o.force, "Overwrite a file that is there");
}

/// All or nothing: by another name until it is whole.
app::DumpReport export_to_file(ExportOptions const& o, store::Store& store, Context& cx, app::DumpPlan const& plan) {
    if (!o.force && !is_absent(o.file))
        throw Error{Kind::cannot_create, fmt::format("{} is there already; --force overwrites it", printable(o.file.string()))};
    remove_partial_rests(o.file);
    auto const partial = partial_of(o.file);
    write_file(partial, {}, Durability::fast, 0600);
    try {
        std::ofstream out{partial, std::ios::binary};
        if (!out) throw_errno(printable(partial.string()), errno, Kind::cannot_create);
        auto const report = app::export_store(store, cx.clock, plan, out);
        out.close();
        if (!out) throw Error{Kind::io, fmt::format("{} cannot be written; is the disk full?", printable(partial.string()))};
        sync_file(partial);
        std::error_code error;
        fs::rename(partial, o.file, error);
        if (error) throw_errno(printable(o.file.string()), error.value(), Kind::cannot_create);
        return report;
    } catch (...) {
        std::error_code ignored;
        fs::remove(partial, ignored);
        throw;
    }
}

int run_export(ExportOptions const& o, Context& cx) {
    require_store(cx);
    auto store = cx.open_store(store::Access::read_only);
    ui::Progress progress{cx.talk, "exporting", 0};
    auto const plan = plan_of(cx, progress);
    auto const report = o.file == "-" ? app::export_store(store, cx.clock, plan, std::cout) : export_to_file(o, store, cx, plan);
    tell(cx, "exported", report);
    return k_exit_yes;
}

struct ImportOptions {
    fs::path file;
};

void add_import(CLI::App& verb, ImportOptions& o) {
    verb.add_option("file", o.file, "What `store export` wrote; - is standard input")->required()->type_name("FILE");
}

int run_import(ImportOptions const& o, Context& cx) {
    std::ifstream file;
    if (o.file != "-") {
        file.open(o.file, std::ios::binary);
        if (!file) throw_errno(printable(o.file.string()), errno, Kind::no_input);
        if (fs::is_directory(o.file)) throw Error{Kind::no_input, fmt::format("{} is a folder", printable(o.file.string()))};
    }
    ui::Progress progress{cx.talk, "importing", 0};
    auto const plan = plan_of(cx, progress);
    auto const report = app::import_store(cx.clock, plan, o.file == "-" ? std::cin : file);
    cx.out.columns({"rows", "files", "schema_version"});
    cx.out.record("imported", {{"rows", report.rows}, {"files", report.files}, {"schema_version", report.schema_version}});
    tell(cx, "imported", report);
    return k_exit_yes;
}

}  // namespace

Verb store_export_verb() {
    return verb("export", "Write the store, portraits and pictures as lines of JSON", k_group, add_export, run_export);
}

Verb store_import_verb() {
    return verb("import", "Make a store of what `store export` wrote", k_group, add_import, run_import);
}

}  // namespace bioctl::cmd
