#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/people_verbs.hpp"
#include "lib/app/people_export.hpp"
#include "lib/app/people_import.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct ImportOptions {
    std::optional<std::string> npy;
    std::optional<std::string> file;
    bool dry_run = false;
};

void add_import(CLI::App& verb, ImportOptions& o) {
    auto* npy = verb.add_option("--npy", o.npy, "Folder of <id>.npy files, the old service's data/embeddings")->type_name("DIR");
    verb.add_option("file", o.file, "NDJSON made by people export; - is standard input")->type_name("FILE")->excludes(npy);
    verb.add_flag("-n,--dry-run", o.dry_run, "Import nothing, say what would be imported");
}

void tell_import(app::ImportRecord const& record, bool dry_run, Context& cx) {
    auto const line = record.line > 0 ? ui::Value{record.line} : ui::Value{};
    auto const id = record.person_id.empty() ? ui::Value{} : ui::Value{record.person_id};
    if (auto const* imported = std::get_if<app::Imported>(&record.outcome)) {
        tell(cx, "imported",
             {{"person_id", id},
              {"file", record.file},
              {"line", line},
              {"templates", imported->added},
              {"unchanged", imported->unchanged},
              {"dry_run", dry_run}});
        return;
    }
    auto const& refusal = std::get<app::Refusal>(record.outcome);
    auto const where = record.line > 0 ? fmt::format("{}:{}", printable(record.file), record.line) : printable(record.file);
    cx.talk.warn(fmt::format("{}: {}", where, refusal.detail));
    tell(cx, "rejected",
         {{"person_id", id},
          {"file", record.file},
          {"line", line},
          {"reason", app::name_of(refusal.reason)},
          {"detail", refusal.detail}});
}

std::ifstream open_input(std::string const& file) {
    std::ifstream input{file, std::ios::binary};
    if (!input) throw_errno(printable(file), errno, Kind::no_input);
    if (fs::is_directory(file)) {
        throw Error{Kind::no_input, fmt::format("{} is a folder; --npy takes one, of .npy files", printable(file))};
    }
    return input;
}

app::ImportSummary import_any(ImportOptions const& o, Context& cx, app::ImportEvents const& events) {
    // Looked at first: a mistyped name shall not leave an empty store behind.
    auto const files = o.npy ? app::npy_files(*o.npy) : std::vector<fs::path>{};
    auto input = o.file && *o.file != "-" ? open_input(*o.file) : std::ifstream{};
    FaceWorkspace const people{cx, o.dry_run ? FaceWorkspace::Opening::rehearsal : FaceWorkspace::Opening::create};
    auto const mode = o.dry_run ? app::Mode::dry_run : app::Mode::write;
    if (o.npy) return app::import_npy(people.get(), files, mode, events);
    if (*o.file == "-") return app::import_json(people.get(), std::cin, "stdin", mode, events);
    return app::import_json(people.get(), input, fs::path{*o.file}.filename().string(), mode, events);
}

int run_import(ImportOptions const& o, Context& cx) {
    if (!o.npy && !o.file) throw Error{Kind::usage, "people import: name a file of NDJSON (- is standard input) or --npy DIR"};
    cx.out.columns({"result", "person_id", "file", "line", "templates", "unchanged", "reason", "detail"});
    app::ImportEvents const events{[&](app::ImportRecord const& record) { tell_import(record, o.dry_run, cx); }, is_stopped};
    auto const summary = import_any(o, cx, events);
    cx.out.json_only("summary", {{"people", summary.people},
                                 {"templates", summary.templates},
                                 {"unchanged", summary.unchanged},
                                 {"rejected", summary.rejected},
                                 {"dry_run", o.dry_run}});
    cx.talk.note(fmt::format("{}{} of {} ({} unchanged, {} rejected)", o.dry_run ? "would import " : "imported ",
                             counted(summary.templates, "template", "templates"), counted(summary.people, "person", "people"),
                             summary.unchanged, summary.rejected));
    if (summary.stopped_early) return exit_after_signal();
    return summary.rejected > 0 ? k_exit_partial : k_exit_yes;
}

struct ExportOptions {
    std::optional<std::string> npy;
    std::string file = "-";
    bool force = false;
};

void add_export(CLI::App& verb, ExportOptions& o) {
    auto* npy = verb.add_option("--npy", o.npy, "Write <id>.npy files into this folder")->type_name("DIR");
    verb.add_option("file", o.file, "NDJSON file to write; - is standard output")
        ->type_name("FILE")
        ->capture_default_str()
        ->excludes(npy);
    verb.add_flag("-f,--force", o.force, "Overwrite files that are there");
}

app::ExportSummary export_npy(ExportOptions const& o, app::Workspace const& workspace, app::Overwrite overwrite, Context& cx) {
    cx.out.columns({"person_id", "file", "templates", "precision"});
    return app::export_npy(workspace, *o.npy, overwrite, [&](app::ExportedFile const& exported) {
        bool const exact = exported.precision == match::Precision::float64;
        cx.out.record("exported", {{"person_id", exported.person_id},
                                   {"file", exported.file.string()},
                                   {"templates", exported.templates},
                                   {"precision", exact ? "float64" : "float32"}});
    });
}

int run_export(ExportOptions const& o, Context& cx) {
    FaceWorkspace const people{cx, FaceWorkspace::Opening::existing};
    auto const overwrite = o.force ? app::Overwrite::yes : app::Overwrite::no;
    app::ExportSummary summary;
    if (o.npy) {
        summary = export_npy(o, people.get(), overwrite, cx);
    } else if (o.file == "-") {
        summary = app::export_json(people.get(), [&](std::string_view line) { cx.out.text(std::string{line} + '\n'); });
    } else {
        summary = app::export_json_file(people.get(), o.file, overwrite);
    }
    cx.talk.note(fmt::format("exported {} of {}", counted(summary.templates, "template", "templates"),
                             counted(summary.people, "person", "people")));
    if (summary.left_out > 0) {
        cx.talk.warn(fmt::format("left out {} made with other models; `bioctl people reembed` brings them over",
                                 counted(summary.left_out, "template", "templates")));
    }
    if (summary.palms_left_out > 0) {
        cx.talk.warn(fmt::format("left out {}, .npy files hold faces only; `bioctl people export FILE` takes them along",
                                 counted(summary.palms_left_out, "palm", "palms")));
    }
    return k_exit_yes;
}

}  // namespace

Verb people_import_verb() {
    return verb("import", "Take in templates from .npy files or NDJSON", Group::people, add_import, run_import);
}

Verb people_export_verb() {
    return verb("export", "Write templates to .npy files or NDJSON", Group::people, add_export, run_export);
}

}  // namespace bioctl::cmd
