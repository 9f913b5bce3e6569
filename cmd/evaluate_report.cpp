#include "cmd/evaluate_report.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "cmd/face_options.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr int k_rate_places = 6, k_distance_places = 4;

ui::Value threshold_value(std::optional<double> threshold) {
    if (!threshold || !std::isfinite(*threshold)) return {};
    return ui::decimal(*threshold, k_distance_places);
}

/// At least as many trials as the rule of 3 wants for the condition.
bool is_supported(eval::Figure const& figure) {
    if (figure.limit_trials == 0 || !figure.at) return true;
    return figure.limit_trials >= eval::trials_needed(*figure.at);
}

void tell_figures(Context& cx, app::Evaluation const& evaluation) {
    std::string unsupported;
    for (auto const& figure : evaluation.figures) {
        tell(cx, "figure",
             {{"name", figure.name()},
              {"metric", eval::name_of(figure.metric)},
              {"at", figure.at},
              {"value", ui::decimal(figure.value, k_rate_places)},
              {"low", ui::decimal(figure.interval.low, k_rate_places)},
              {"high", ui::decimal(figure.interval.high, k_rate_places)},
              {"threshold", threshold_value(figure.threshold)},
              {"trials", figure.trials},
              {"supported", is_supported(figure)}});
        if (!is_supported(figure)) unsupported += (unsupported.empty() ? "" : ", ") + figure.name();
    }
    if (!unsupported.empty()) {
        cx.talk.note(fmt::format("too few different people for {}: by the rule of 3 these are guesses", unsupported));
    }
}

void tell_groups(Context& cx, app::Evaluation const& evaluation) {
    for (auto const& group : evaluation.groups) {
        tell(cx, "group",
             {{"name", group.name},
              {"people", group.people},
              {"trials", group.genuine},
              {"impostors", group.impostors},
              {"threshold", threshold_value(evaluation.group_threshold)},
              {"value", ui::decimal(group.fnmr, k_rate_places)},
              {"low", ui::decimal(group.fnmr_interval.low, k_rate_places)},
              {"high", ui::decimal(group.fnmr_interval.high, k_rate_places)},
              {"fmr", ui::decimal(group.fmr, k_rate_places)},
              {"fmr_low", ui::decimal(group.fmr_interval.low, k_rate_places)},
              {"fmr_high", ui::decimal(group.fmr_interval.high, k_rate_places)}});
    }
    if (evaluation.groups.empty()) return;
    if (evaluation.unknown_in_groups > 0) {
        cx.talk.note(fmt::format("{} of the list of groups: nobody here is called so",
                                 counted(evaluation.unknown_in_groups, "id", "ids")));
    }
    auto const& missed = evaluation.groups.front();
    auto const& mistaken = *std::ranges::max_element(evaluation.groups, {}, &app::GroupFigures::fmr);
    std::string worst;
    if (missed.fnmr > 0) worst = fmt::format("'{}' is missed most, {:.2f} %", printable(missed.name), 100 * missed.fnmr);
    if (mistaken.fmr > 0) {
        worst += fmt::format("{}'{}' is mistaken most for others of the group, {:.3g} %", worst.empty() ? "" : "; ",
                             printable(mistaken.name), 100 * mistaken.fmr);
    }
    cx.talk.note(worst.empty() ? fmt::format("no group has an error at the threshold {:.4f}", evaluation.group_threshold)
                               : fmt::format("worst group: {} (all are judged at the threshold {:.4f})", worst,
                                             evaluation.group_threshold));
}

void tell_sample(Context& cx, app::Evaluation const& evaluation, app::Trials const& trials) {
    cx.out.json_only("sample", {{"people", evaluation.people},
                                {"samples", evaluation.samples},
                                {"not_acquired", evaluation.missed},
                                {"genuine", evaluation.genuine},
                                {"impostors", evaluation.impostors},
                                {"impostor_pairs", evaluation.impostor_pairs},
                                {"enrolled", evaluation.enrolled},
                                {"searches", evaluation.searches},
                                {"strangers", evaluation.strangers},
                                {"strangers_held_out", trials.are_strangers_held_out}});
    cx.talk.note(fmt::format("{}, {} ({} not acquired); {} of the same person, {} of different people",
                             counted(evaluation.people, "person", "people"), counted(evaluation.samples, "sample", "samples"),
                             evaluation.missed, counted(evaluation.genuine, "comparison", "comparisons"), evaluation.impostors));
    if (evaluation.impostor_pairs > evaluation.impostors + evaluation.samples * evaluation.missed) {
        cx.talk.note(fmt::format("an even part of the {} pairs of different people was compared", evaluation.impostor_pairs));
    }
}

void tell_times(Context& cx, app::Evaluation const& evaluation, EvaluationTimes const& times) {
    auto const& s = times.stages;
    std::pair<std::string_view, std::chrono::nanoseconds> const stages[]{
        {"load", s.load},   {"decode", s.decode}, {"detect", s.detect},       {"landmarks", s.landmarks},
        {"align", s.align}, {"embed", s.embed},   {"compare", times.compare}, {"intervals", times.intervals}};
    for (auto const& [stage, time] : stages) {
        std::chrono::duration<double> const seconds = time;
        constexpr double k_milli = 1000;
        auto const count = static_cast<double>(std::max<std::size_t>(evaluation.samples, 1));
        cx.out.json_only("stage", {{"stage", stage},
                                   {"seconds", ui::decimal(seconds.count(), 3)},
                                   {"ms_per_sample", ui::decimal(k_milli * seconds.count() / count, 3)}});
    }
}

void tell_curves(Context& cx, app::Evaluation const& evaluation) {
    ui::Value::Array points;
    for (auto const& point : evaluation.curve) {
        points.emplace_back(
            ui::Value::Array{ui::decimal(point.threshold, k_distance_places), ui::Value{point.fmr}, ui::Value{point.fnmr}});
    }
    cx.out.json_only("curve", {{"fields", ui::Value::Array{"threshold", "fmr", "fnmr"}}, {"points", std::move(points)}});
    if (evaluation.cmc.empty()) return;
    ui::Value::Array ranks;
    for (double const share : evaluation.cmc)
        ranks.emplace_back(ui::decimal(share, k_rate_places));
    cx.out.json_only("cmc", {{"shares", std::move(ranks)}});
}

std::string_view name_of_judgement(eval::Judgement judgement) {
    switch (judgement) {
        case eval::Judgement::holds: return "holds";
        case eval::Judgement::fails: return "fails";
        case eval::Judgement::unsupported: return "unsupported";
    }
    throw Error{Kind::bug, "a Judgement without a name"};
}

}  // namespace

void tell_evaluation(Context& cx, app::Evaluation const& evaluation, app::Trials const& trials, EvaluationTimes const& times) {
    cx.out.columns({"result", "name", "value", "low", "high", "threshold", "trials"});
    tell_figures(cx, evaluation);
    tell_groups(cx, evaluation);
    for (auto const& [claim, verdict] : evaluation.verdicts) {
        tell(cx, "assertion",
             {{"name", claim.text}, {"value", name_of_judgement(verdict.judgement)}, {"reason", verdict.reason}});
    }
    tell_sample(cx, evaluation, trials);
    tell_times(cx, evaluation, times);
    tell_curves(cx, evaluation);
    cx.out.flush();
}

int exit_by_verdicts(Context& cx, app::Evaluation const& evaluation) {
    bool has_failed = false;
    std::string unsupported;
    for (auto const& [claim, verdict] : evaluation.verdicts) {
        if (verdict.judgement == eval::Judgement::fails) {
            cx.talk.warn(fmt::format("assertion {}", verdict.reason));
            has_failed = true;
        } else if (verdict.judgement == eval::Judgement::unsupported && unsupported.empty()) {
            unsupported = verdict.reason;
        }
    }
    if (!unsupported.empty()) throw Error{Kind::data, fmt::format("{}; measure with more people or claim less", unsupported)};
    return has_failed ? k_exit_no : k_exit_yes;
}

}  // namespace bioctl::cmd
