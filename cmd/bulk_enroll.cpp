#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/face_options.hpp"
#include "cmd/photo_list.hpp"
#include "cmd/setting_flag.hpp"
#include "cmd/verbs.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct BulkEnrollOptions {
    std::string directory, manifest, root;
    EnrolFlags flags;
    bool prune = false;
    bool dry_run = false;
    std::size_t max_errors = 0;
};

void add_bulk_enroll(CLI::App& verb, BulkEnrollOptions& o) {
    auto* directory =
        verb.add_option("directory", o.directory, "Folder with one folder of photos for each person, named by the id")
            ->type_name("DIR");
    auto* manifest = verb.add_option("--manifest", o.manifest, "CSV or NDJSON with id, name and path of each photo; - is stdin")
                         ->type_name("FILE")
                         ->excludes(directory);
    verb.add_option("--root", o.root, "Where the manifest's relative paths begin: its own folder, unless given")
        ->type_name("DIR")
        ->needs(manifest);
    verb.add_flag("--prune", o.prune, "Remove what is enrolled from this folder or root but no longer in it");
    verb.add_flag("-n,--dry-run", o.dry_run, "Write nothing, say what would be done");
    verb.add_option("--max-errors", o.max_errors, "Stop after so many rejected photos; 0 is never")
        ->type_name("N")
        ->capture_default_str();
    add_enrol_flags(verb, o.flags);
    add_setting(verb, "-j,--jobs", "jobs");
    add_limits(verb);
}

app::BulkInput input_of(BulkEnrollOptions const& o) {
    if (!o.directory.empty()) return app::scan_directory(o.directory);
    if (o.manifest.empty()) throw Error{Kind::usage, "bulk-enroll: name a folder, or a list with --manifest"};
    return read_photo_list(o.manifest, o.root, app::k_max_manifest_bytes).parsed(app::read_manifest);
}

app::BulkEvents events_of(Context& cx, ui::Progress& progress) {
    return {.on_photo = [&cx](app::BulkRecord const& record) { tell_outcome(cx, record); },
            .on_removed =
                [&cx](app::RemovedRecord const& removed) {
                    tell(cx, "removed",
                         {{"person_id", removed.person_id}, {"image", removed.path}, {"templates", removed.templates}});
                },
            .on_progress = [&progress](std::size_t done) { progress.advance(done); },
            .should_stop = [] { return stop_signal.load() != 0; }};
}

void tell_summary(Context& cx, app::BulkSummary const& s, bool dry_run) {
    cx.out.json_only("summary", {{"people", s.people},
                                 {"images", s.images},
                                 {"enrolled", s.enrolled},
                                 {"unchanged", s.unchanged},
                                 {"rejected", s.rejected},
                                 {"removed", s.removed},
                                 {"seconds", ui::decimal(s.seconds, 3)},
                                 {"dry_run", dry_run}});
    cx.out.flush();
    cx.talk.note(fmt::format("{} {} of {} of {} ({} unchanged, {} rejected, {} removed) in {:.1f} s",
                             dry_run ? "would enroll" : "enrolled", s.enrolled, counted(s.images, "photo", "photos"),
                             counted(s.people, "person", "people"), s.unchanged, s.rejected,
                             counted(s.removed, "template", "templates"), s.seconds));
    if (!s.not_pruned.empty()) cx.talk.warn(fmt::format("--prune: {}", s.not_pruned));
}

int run_bulk_enroll(BulkEnrollOptions const& o, Context& cx) {
    check_enrol_flags("bulk-enroll", o.flags);
    auto const input = input_of(o);
    using Opening = FaceWorkspace::Opening;
    FaceWorkspace const workspace{cx, o.dry_run ? Opening::rehearsal : Opening::create, modality_from(o.flags.modality)};
    app::BulkOptions const options{.rules = rules_of(o.flags, cx, workspace.contract()),
                                   .prune = o.prune ? app::Prune::yes : app::Prune::no,
                                   .mode = o.dry_run ? app::Mode::dry_run : app::Mode::write,
                                   .max_errors = o.max_errors};
    begin_outcomes(cx);
    app::BulkSummary summary;
    {
        ui::Progress progress{cx.talk, "enrolling", input.items.size()};
        summary = app::bulk_enrol(workspace.get(), input, options, events_of(cx, progress));
    }
    tell_summary(cx, summary, o.dry_run);
    if (stop_signal.load() != 0 && summary.stopped_early) return exit_after_signal();
    return summary.rejected > 0 || !summary.not_pruned.empty() ? k_exit_partial : k_exit_yes;
}

}  // namespace

Verb bulk_enroll_verb() {
    return verb("bulk-enroll", "Remember everybody in a folder or a list of photos", Group::face, add_bulk_enroll,
                run_bulk_enroll);
}

}  // namespace bioctl::cmd
