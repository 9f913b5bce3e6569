#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/people_verbs.hpp"
#include "cmd/setting_flag.hpp"
#include "cmd/ui/confirm.hpp"
#include "lib/app/people_reembed.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct ReembedVerbOptions {
    bool dry_run = false;
    bool remove_failed = false;
    bool yes = false;
};

void add_reembed(CLI::App& verb, ReembedVerbOptions& o) {
    auto* dry_run = verb.add_flag("-n,--dry-run", o.dry_run, "Write nothing; say which decisions would change");
    verb.add_flag("--remove-failed", o.remove_failed, "Delete the templates that cannot be embedded again")->excludes(dry_run);
    verb.add_flag("-y,--yes", o.yes, "Do not ask before --remove-failed");
    add_setting(verb, "-j,--jobs", "jobs");
    add_setting(verb, "-t,--threshold", "threshold");
}

void tell_template(app::ReembedRecord const& record, bool dry_run, Context& cx) {
    auto const& before = record.before;
    ui::Fields fields{{"template_id", std::int64_t{before.id}},
                      {"person_id", before.person_id},
                      {"contract_before", before.contract},
                      {"quality_before", quality_value(before.quality)}};
    if (auto const* made = std::get_if<app::NewVector>(&record.renewal)) {
        fields.insert(fields.end(), {{"quality", quality_value(made->quality)},
                                     {"from", app::name_of(made->origin)},
                                     {"repeated", record.repeated},
                                     {"dry_run", dry_run}});
        tell(cx, "reembedded", std::move(fields));
        return;
    }
    auto const& none = std::get<app::NoVector>(record.renewal);
    fields.insert(fields.end(), {{"reason", app::name_of(none.problem)}, {"detail", none.detail}});
    tell(cx, "rejected", std::move(fields));
    cx.talk.warn(fmt::format("template {} of {}: {}", before.id, printable(before.person_id), none.detail));
}

ui::Value decision_of(app::TemplateDecision const& decision) {
    return ui::Fields{{"verdict", app::name_of(decision.verdict)},
                      {"nearest", decision.nearest},
                      {"distance", distance_value(decision.distance)}};
}

void tell_change(app::DecisionChange const& change, Context& cx) {
    tell(cx, "decision_change",
         {{"template_id", std::int64_t{change.template_id}},
          {"person_id", change.person_id},
          {"before", decision_of(change.before)},
          {"after", decision_of(change.after)}});
}

ui::Value counts_of(app::DecisionCounts const& counts) {
    return ui::Fields{{"own", counts.own}, {"other", counts.other}, {"unknown", counts.unknown}};
}

void tell_decisions(app::ReembedSummary const& s, Context& cx) {
    cx.talk.note(fmt::format("{} of {} decisions would change: right person {} -> {}, wrong person {} -> {}, unknown {} -> {}",
                             s.changed, s.decisions, s.before.own, s.after.own, s.before.other, s.after.other, s.before.unknown,
                             s.after.unknown));
}

void tell_summary(app::ReembedSummary const& s, bool dry_run, Context& cx) {
    ui::Fields fields{{"templates", s.templates},     {"from_photo", s.from_photo},   {"from_portrait", s.from_portrait},
                      {"from_import", s.from_import}, {"repeated", s.repeated},       {"rejected", s.failed},
                      {"removed", s.removed},         {"people_lost", s.people_lost}, {"dry_run", dry_run}};
    if (dry_run) {
        fields.insert(fields.end(), {{"decisions", s.decisions},
                                     {"decisions_changed", s.changed},
                                     {"before", counts_of(s.before)},
                                     {"after", counts_of(s.after)}});
    }
    cx.out.json_only("summary", std::move(fields));
    if (s.templates == 0) return cx.talk.note("nothing to do: every template was made with the models in use");
    auto const done = s.from_photo + s.from_portrait + s.from_import + s.repeated;
    cx.talk.note(fmt::format("{} {} of {} templates ({} from photos, {} from portraits, {} imported vectors kept)",
                             dry_run ? "would re-embed" : "re-embedded", done, s.templates, s.from_photo, s.from_portrait,
                             s.from_import));
    if (dry_run) tell_decisions(s, cx);
    if (s.failed > s.removed) {
        cx.talk.warn(
            fmt::format("{} templates cannot be embedded again, {} people have no other; enrol them from photos and delete these "
                        "with --remove-failed, or go back with `bioctl models use`",
                        s.failed, s.people_lost));
    }
    if (!s.log_cleared) cx.talk.warn("another bioctl is reading: old vectors stay in the write-ahead log until it ends");
}

int run_reembed(ReembedVerbOptions const& o, Context& cx) {
    cx.out.columns({"result", "template_id", "person_id", "quality_before", "quality", "from", "before.verdict", "after.verdict",
                    "reason", "detail"});
    FaceWorkspace const people{cx, o.dry_run ? FaceWorkspace::Opening::existing : opening_to_change(cx)};
    if (o.remove_failed && !o.yes && !ui::confirm("Delete every template that cannot be embedded again?")) return k_exit_no;
    auto const known = app::possible_contracts(cx.models());
    auto const leftovers = o.remove_failed ? app::Leftovers::remove : app::Leftovers::keep;
    app::ReembedOptions const options{o.dry_run ? app::Mode::dry_run : app::Mode::write, leftovers, cx.settings.threshold()};
    std::optional<ui::Progress> progress;
    auto const summary = app::reembed(people.get(), known, options,
                                      {[&](app::ReembedRecord const& record) { tell_template(record, o.dry_run, cx); },
                                       [&](app::DecisionChange const& change) { tell_change(change, cx); },
                                       [&](std::size_t done, std::size_t total) {
                                           if (!progress) progress.emplace(cx.talk, "re-embedding", total);
                                           progress->advance(done);
                                       },
                                       is_stopped});
    progress.reset();
    tell_summary(summary, o.dry_run, cx);
    if (summary.stopped_early) return exit_after_signal();
    return summary.failed > 0 ? k_exit_partial : k_exit_yes;
}

}  // namespace

Verb people_reembed_verb() {
    return verb("reembed", "Make new vectors after a change of models", Group::people, add_reembed, run_reembed);
}

}  // namespace bioctl::cmd
