#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/face_options.hpp"
#include "cmd/photo_list.hpp"
#include "cmd/setting_flag.hpp"
#include "cmd/verbs.hpp"
#include "cmd/version.hpp"
#include "lib/app/calibration.hpp"
#include "lib/app/dataset_report.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct VerifyOptions {
    std::string directory, manifest, root, fail_on = "error";
    std::vector<std::string> rules;
    app::DatasetOptions options;
    std::optional<std::string> baseline, junit, sarif, code_quality, html, cache;
    bool update_baseline = false, against_store = false, github = false, no_cache = false;
};

void add_inputs(CLI::App& verb, VerifyOptions& o) {
    auto* const directory =
        verb.add_option("directory", o.directory, "Folder with one folder of photos for each person, named by the id")
            ->type_name("DIR");
    auto* const manifest =
        verb.add_option("--manifest", o.manifest, "CSV or NDJSON with id, name and path of each photo; - is stdin")
            ->type_name("FILE")
            ->excludes(directory);
    verb.add_option("--root", o.root, "Where the manifest's relative paths begin: its own folder, unless given")
        ->type_name("DIR")
        ->needs(manifest);
    verb.add_flag("--against-store", o.against_store, "Also look for those who are enrolled under another id");
}

void add_rules(CLI::App& verb, VerifyOptions& o) {
    verb.add_option("--rule", o.rules,
                    "Severity of a rule, or of all: NAME=error, NAME=warn, NAME=off; may be given several times")
        ->type_name("NAME=SEVERITY")
        ->allow_extra_args(false);
    verb.add_option("--fail-on", o.fail_on, "Least severity that makes the exit status 1")
        ->check(CLI::IsMember({"error", "warn", "never"}))
        ->type_name("error|warn|never")
        ->capture_default_str();
    verb.add_option("--min-side", o.options.min_side, "Pixels that the shorter side of a photo should have")
        ->check(CLI::Range(1, 65'535))
        ->type_name("PIXELS")
        ->capture_default_str();
    verb.add_option("--least-quality", o.options.min_quality, "Quality of a face below which low_quality is told, 0 to 1")
        ->check(CLI::Range(0.0, 1.0))
        ->type_name("Q")
        ->capture_default_str();
    verb.add_option("--min-photos", o.options.min_photos, "Photos with a face that each id should have")
        ->type_name("N")
        ->capture_default_str();
    verb.add_option("--max-ratio", o.options.max_ratio, "Most photos of an id, as a multiple of the median")
        ->check(CLI::Range(1.0, 1e6))
        ->type_name("X")
        ->capture_default_str();
    verb.add_option("--max-errors", o.options.max_errors, "Stop after so many photos in error; 0 is never")
        ->type_name("N")
        ->capture_default_str();
    auto* const baseline = verb.add_option("--baseline", o.baseline, "Findings that are accepted")->type_name("FILE");
    verb.add_flag("--update-baseline", o.update_baseline, "Write all of today's findings into the baseline")->needs(baseline);
}

void add_outputs(CLI::App& verb, VerifyOptions& o) {
    verb.add_option("--junit", o.junit, "Write JUnit XML to this file")->type_name("FILE");
    verb.add_option("--sarif", o.sarif, "Write SARIF 2.1.0 to this file")->type_name("FILE");
    verb.add_option("--code-quality", o.code_quality, "Write GitLab's code quality report to this file")->type_name("FILE");
    verb.add_option("--html", o.html, "Write a page with thumbnails and a map to this file")->type_name("FILE");
    verb.add_flag("--github", o.github, "Print findings as annotations for GitHub instead of records");
    auto* const cache =
        verb.add_option("--cache", o.cache, "Folder for what was found out about photos; in the data folder, unless given")
            ->type_name("DIR");
    verb.add_flag("--no-cache", o.no_cache, "Look at every photo again, remember nothing")->excludes(cache);
}

void add_verify_dataset(CLI::App& verb, VerifyOptions& o) {
    add_inputs(verb, o);
    add_rules(verb, o);
    add_outputs(verb, o);
    add_setting(verb, "--metric", "metric");
    add_setting(verb, "-j,--jobs", "jobs");
    add_limits(verb);
}

struct Input {
    app::BulkInput bulk;
    fs::path root;       ///< of the names in findings
    std::string folder;  ///< what reports put before them
};

Input input_of(VerifyOptions const& o, Context const& cx) {
    if (!o.directory.empty()) return {app::scan_dataset(o.directory, limits_of(cx)), o.directory, o.directory};
    if (o.manifest.empty()) throw Error{Kind::usage, "verify-dataset: name a folder, or a list with --manifest"};
    auto const list = read_photo_list(o.manifest, o.root, app::k_max_manifest_bytes);
    return {list.parsed(app::read_manifest), list.root, list.root.string()};
}

/// What is remembered depends on the models and the limits; each folder has a file of its own.
app::FactsCache cache_of(VerifyOptions const& o, Input const& input, face::Contract const& contract, Context const& cx) {
    if (o.no_cache) return app::FactsCache{{}, {}, contract.dimensions};
    auto const folder = o.cache ? fs::path{*o.cache} : cx.data_dir() / "cache" / "verify-dataset";
    constexpr std::size_t k_digits = 16;
    auto const file = to_hex(sha256(as_bytes(input.bulk.origin))).substr(0, k_digits) + ".ndjson";
    return app::FactsCache{folder / file, fmt::format("{} {} {}", contract.id, cx.settings.max_bytes(), cx.settings.max_pixels()),
                           contract.dimensions, cx.data_dir()};
}

app::DatasetOptions options_of(VerifyOptions const& o, Context const& cx, ui::Progress& progress) {
    auto options = o.options;
    for (auto const& rule : o.rules)
        options.severities.set(rule);
    options.limits = limits_of(cx);
    options.jobs = jobs_of(cx);
    options.metric = match::metric_from(cx.settings.metric());
    options.on_progress = [&progress](std::size_t done) { progress.advance(done); };
    options.should_stop = [] { return stop_signal.load() != 0; };
    return options;
}

/// Read before the photos are: who has no baseline need not wait to hear of it.
std::optional<app::Baseline> baseline_of(VerifyOptions const& o) {
    if (!o.baseline || o.update_baseline) return std::nullopt;
    auto content = read_file(*o.baseline, app::k_max_baseline_bytes);
    if (!content && content.error().kind() == Kind::no_input)
        throw Error{Kind::no_input, fmt::format("{}; make it with --update-baseline", content.error().message())};
    auto const bytes = std::move(content).or_throw();
    try {
        return app::Baseline::parse(as_text(bytes));
    } catch (Error const& error) {
        throw error.within(*o.baseline);
    }
}

void accept(VerifyOptions const& o, std::optional<app::Baseline> baseline, app::Dataset& dataset, Context& cx) {
    if (o.update_baseline) {
        if (dataset.stopped_early) throw Error{Kind::data, "the run stopped early, so the baseline was left as it is"};
        auto const text = app::Baseline::of(dataset.findings);
        write_file(*o.baseline, as_bytes(text));
        baseline = app::Baseline::parse(text);
        cx.talk.note(
            fmt::format("{}: {} accepted", printable(*o.baseline), counted(dataset.findings.size(), "finding", "findings")));
    }
    if (!baseline) return;
    auto const spent = baseline->apply(dataset.findings);
    if (spent > 0 && !dataset.stopped_early)
        cx.talk.note(fmt::format("{}: {} no longer found; --update-baseline drops what is spent", printable(*o.baseline),
                                 counted(spent, "accepted finding is", "accepted findings are")));
}

void tell_findings(app::Dataset const& dataset, Context& cx) {
    cx.out.columns({"severity", "rule", "person_id", "image", "detail"});
    for (auto const& finding : dataset.findings) {
        if (finding.is_accepted && cx.out.rendering() != ui::Rendering::json) continue;
        ui::Value::Array related;
        for (auto const& name : finding.related)
            related.emplace_back(name);
        cx.out.record("finding", {{"rule", app::name_of(finding.rule)},
                                  {"severity", app::name_of(finding.severity)},
                                  {"person_id", finding.person_id.empty() ? ui::Value{} : ui::Value{finding.person_id}},
                                  {"image", finding.path.empty() ? ui::Value{} : ui::Value{finding.path}},
                                  {"detail", finding.detail},
                                  {"related", std::move(related)},
                                  {"fingerprint", finding.fingerprint},
                                  {"accepted", finding.is_accepted}});
    }
}

struct Counts {
    std::size_t errors = 0, warnings = 0, accepted = 0;
};

Counts count(app::Dataset const& dataset) {
    Counts counts;
    for (auto const& finding : dataset.findings)
        ++(finding.is_accepted ? counts.accepted : finding.severity == app::Severity::error ? counts.errors : counts.warnings);
    return counts;
}

void tell_summary(app::Dataset const& dataset, Counts const& counts, Context& cx) {
    cx.out.json_only("summary", {{"people", dataset.people},
                                 {"images", dataset.photos.size()},
                                 {"errors", counts.errors},
                                 {"warnings", counts.warnings},
                                 {"accepted", counts.accepted},
                                 {"unread", dataset.unread},
                                 {"from_cache", dataset.from_cache},
                                 {"stopped_early", dataset.stopped_early}});
    cx.out.flush();
    cx.talk.note(fmt::format("{} of {}: {}, {}{}", counted(dataset.photos.size(), "photo", "photos"),
                             counted(dataset.people, "id", "ids"), counted(counts.errors, "error", "errors"),
                             counted(counts.warnings, "warning", "warnings"),
                             counts.accepted > 0 ? fmt::format(" ({} accepted)", counts.accepted) : ""));
    if (dataset.stopped_early) cx.talk.warn("stopped early; photos were not compared with each other");
    if (!dataset.is_resemblance_judged)
        cx.talk.warn(
            "no threshold is known for the models in use, so nobody was told from anybody: enrol people and run `bioctl "
            "calibrate --apply`");
    if (!dataset.cache_trouble.empty())
        cx.talk.warn(
            fmt::format("what was found out about the photos is not kept: {}; name a folder with --cache, or use "
                        "--no-cache",
                        dataset.cache_trouble));
    if (dataset.unread > 0)
        cx.talk.warn(fmt::format("{} could not be read, so this is about a part", counted(dataset.unread, "path", "paths")));
}

void write_reports(VerifyOptions const& o, app::Dataset const& dataset, app::DatasetFacts const& facts, Context const& cx) {
    if (o.junit) write_file(*o.junit, as_bytes(app::to_junit(dataset, facts)));
    if (o.sarif) write_file(*o.sarif, as_bytes(app::to_sarif(dataset, facts)));
    if (o.code_quality) write_file(*o.code_quality, as_bytes(app::to_code_quality(dataset, facts)));
    if (o.html) write_file(*o.html, as_bytes(app::to_html(dataset, facts, limits_of(cx))));
}

/// With the thresholds that were chosen from the people of the store, if there is one.
face::Contract contract_of(face::ModelSet const& models, Context& cx) {
    if (!cx.has_store()) return models.contract();
    auto store = cx.open_store(store::Access::read_only);
    return app::calibrated(models.contract(), store, match::metric_from(cx.settings.metric()));
}

int run_verify_dataset(VerifyOptions const& o, Context& cx) {
    auto baseline = baseline_of(o);
    auto const models = cx.models().active();
    auto const contract = contract_of(models, cx);
    std::optional<FaceWorkspace> workspace;
    std::optional<match::Gallery> enrolled;
    if (o.against_store) {
        workspace.emplace(cx, FaceWorkspace::Opening::existing);
        enrolled = app::load_gallery(workspace->get());
    }
    auto const input = input_of(o, cx);
    auto cache = cache_of(o, input, contract, cx);
    app::Dataset dataset;
    {
        ui::Progress progress{cx.talk, "looking at photos", input.bulk.items.size()};
        auto options = options_of(o, cx, progress);
        options.baseline = baseline ? &*baseline : nullptr;
        dataset = app::verify_dataset(models, contract, input.bulk, input.root, cache, enrolled ? &*enrolled : nullptr, options);
    }
    accept(o, std::move(baseline), dataset, cx);
    auto const fail_level = o.fail_on == "warn"    ? app::Severity::warn
                            : o.fail_on == "error" ? app::Severity::error
                                                   : app::Severity::off;
    app::DatasetFacts const facts{input.folder, std::string{version()}, to_rfc3339(cx.clock.now()), fail_level};
    if (o.github) {
        cx.out.text(app::to_workflow_commands(dataset, facts));
    } else {
        tell_findings(dataset, cx);
    }
    write_reports(o, dataset, facts, cx);
    auto const counts = count(dataset);
    tell_summary(dataset, counts, cx);
    if (stop_signal.load() != 0 && dataset.stopped_early) return exit_after_signal();
    if (dataset.photos.empty()) throw Error{Kind::no_input, fmt::format("{}: no photos", printable(input.folder))};
    bool const has_failed = (fail_level == app::Severity::error && counts.errors > 0) ||
                            (fail_level == app::Severity::warn && counts.errors + counts.warnings > 0);
    if (has_failed) return k_exit_no;
    return dataset.unread > 0 || dataset.stopped_early ? k_exit_partial : k_exit_yes;
}

}  // namespace

Verb verify_dataset_verb() {
    return verb("verify-dataset", "Check a folder of photos before it is enrolled", Group::face, add_verify_dataset,
                run_verify_dataset);
}

}  // namespace bioctl::cmd
