#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/audit_trail.hpp"
#include "cmd/ont_verbs.hpp"
#include "lib/app/ont_shapes.hpp"
#include "lib/app/onts_import.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr std::size_t k_most_told = 20;  // bad rows on stderr; stdout has them all

struct ImportOptions {
    std::string file;
    std::vector<std::string> columns;
    bool merge = false, dry_run = false;
};

void add_import(CLI::App& verb, ImportOptions& o) {
    verb.add_option("file", o.file, "CSV with a header, or a JSON array; - is standard input")->required()->type_name("FILE");
    verb.add_option("--map", o.columns,
                    "What a column is: id, customer_id, name, location, latitude, longitude, ip, parent, kind, "
                    "tags, enabled, or ignore; may be given several times")
        ->type_name("COLUMN=FIELD")
        ->allow_extra_args(false);  // else it would eat the file behind it
    verb.add_flag("--merge", o.merge, "Rows with a known customer id change that ONT; without it they are bad rows");
    verb.add_flag("-n,--dry-run", o.dry_run, "Change nothing, say what would be done");
}

void tell(Context& cx, std::string const& file, std::string_view result, std::vector<app::OntImportNote> const& notes) {
    for (std::size_t i = 0; i < notes.size(); ++i) {
        auto const& note = notes[i];
        if (i < k_most_told) cx.talk.warn(fmt::format("{}: {}: {}", printable(file), note.place, note.text));
        cx.out.record(result, {{"result", result},
                               {"line", note.line == 0 ? ui::Value{} : ui::Value{note.line}},
                               {"row", note.number},
                               {"customer_id", text_or_null(note.customer_id)},
                               {"name", text_or_null(note.name)},
                               {"detail", note.text}});
    }
    if (notes.size() > k_most_told) cx.talk.warn(fmt::format("{}: and {} more", printable(file), notes.size() - k_most_told));
}

void tell_made(Context& cx, std::vector<std::string> const& made, bool is_rehearsal) {
    for (std::size_t i = 0; i < made.size() && i < k_most_told; ++i)
        cx.talk.note(fmt::format("the parent '{}' was not there: it {} made as an OLT without an address", printable(made[i]),
                                 is_rehearsal ? "would be" : "is"));
    if (made.size() > k_most_told) cx.talk.note(fmt::format("and {} more parents", made.size() - k_most_told));
}

/// What is wrong with a file names the file.
template <class Work>
auto reading(std::string const& file, Work const& work) {
    try {
        return work();
    } catch (Error const& error) {
        if (error.kind() != Kind::data) throw;
        throw Error{Kind::data, fmt::format("{}: {}", file == "-" ? "standard input" : printable(file), error.message())};
    }
}

int run_import(ImportOptions const& o, Context& cx) {
    app::OntImportOptions options{.is_merge = o.merge, .columns = app::OntColumnMap{o.columns}};
    auto const text = read_ont_file(cx, o.file);
    auto store = cx.open_store_to_change(o.dry_run);
    app::OntImportReport report;
    std::optional<store::Together> change_and_row;
    if (!o.dry_run) change_and_row.emplace(store);
    {
        std::optional<ui::Progress> bar;
        options.progress = [&](std::size_t done, std::size_t total) {
            if (!bar) bar.emplace(cx.talk, "importing", total);
            bar->advance(done);
        };
        auto registry = ont_registry(cx, store, o.dry_run ? app::Mode::dry_run : app::Mode::write);
        report = reading(o.file, [&] { return app::import_onts(registry, text, options); });
    }
    if (change_and_row) {
        record_change(cx, store, "onts.import", o.file,
                      {{"added", fmt::format("{}", report.added)}, {"updated", fmt::format("{}", report.updated)}});
        change_and_row->commit();
    }
    cx.out.columns({"result", "line", "row", "customer_id", "name", "detail"});
    tell(cx, o.file, "rejected", report.rejected);
    tell(cx, o.file, "warning", report.warnings);
    tell_made(cx, report.made, o.dry_run);
    cx.out.columns({"rows", "added", "updated", "unchanged", "rejected", "warnings", "parents_made"});
    cx.out.record("summary", {{"rows", report.rows},
                              {"added", report.added},
                              {"updated", report.updated},
                              {"unchanged", report.unchanged},
                              {"rejected", report.rejected.size()},
                              {"warnings", report.warnings.size()},
                              {"parents_made", report.made.size()}});
    cx.talk.note(fmt::format("{}{}: {} added, {} updated, {} unchanged, {} rejected", o.dry_run ? "rehearsal: " : "",
                             counted(report.rows, "row", "rows"), report.added, report.updated, report.unchanged,
                             report.rejected.size()));
    return report.rejected.empty() ? k_exit_yes : k_exit_partial;
}

struct ExportOptions {
    std::string file = "-";
    std::string format = "csv";
    bool force = false;
};

void add_export(CLI::App& verb, ExportOptions& o) {
    verb.add_option("file", o.file, "File to write; without it, or with -, standard output")->type_name("FILE");
    verb.add_option("--format", o.format, "CSV, JSON with all there is, or a file of the old services")
        ->type_name("csv|json|wifi_sleman|onts|csvjson")
        ->check(CLI::IsMember({"csv", "json", "wifi_sleman", "onts", "csvjson"}))
        ->capture_default_str();
    verb.add_flag("--force", o.force, "Overwrite the file");
}

std::string shaped(std::vector<store::Ont> const& onts, std::string const& format, Context const& cx) {
    if (format == "csv") return app::to_csv(onts);
    if (format == "json") return app::to_json_array(onts, app::OntShape::full);
    if (format == "wifi_sleman") return app::to_json_array(onts, app::OntShape::wifi_sleman);
    if (format == "csvjson") return app::to_json_array(onts, app::OntShape::csvjson);
    app::Zone const zone{cx.settings.timezone()};
    return app::to_json_array(onts, app::OntShape::onts, &zone);
}

int run_export(ExportOptions const& o, Context& cx) {
    auto store = open_ont_store(cx, store::Access::read_only);
    auto const onts = store.onts().list();
    auto const text = shaped(onts, o.format, cx);
    if (o.file == "-") {
        cx.out.text(text);
        if (cx.out.rendering() == ui::Rendering::table && !text.ends_with('\n')) cx.out.text("\n");
        return k_exit_yes;
    }
    if (!o.force && !is_absent(o.file))
        throw Error{Kind::cannot_create, fmt::format("{}: is there already; --force overwrites it", printable(o.file))};
    write_file(o.file, as_bytes(text), Durability::synced);
    cx.talk.note(fmt::format("{}: {} written", printable(o.file), counted(onts.size(), "ONT", "ONTs")));
    return k_exit_yes;
}

}  // namespace

Verb onts_import_verb() {
    return verb("import", "Add or change ONTs from CSV, or a file of the old services", Group::network, add_import, run_import);
}

Verb onts_export_verb() {
    return verb("export", "Write all ONTs as CSV, or as a file of the old services", Group::network, add_export, run_export);
}

}  // namespace bioctl::cmd
