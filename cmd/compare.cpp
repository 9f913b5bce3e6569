#include "lib/app/compare.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/face_options.hpp"
#include "cmd/setting_flag.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/calibration.hpp"
#include "lib/app/compare_palm.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/app/thresholds.hpp"

namespace bioctl::cmd {

namespace {

struct CompareOptions {
    std::string a, b, id;
    std::string modality = "face";
};

void add_compare(CLI::App& verb, CompareOptions& o) {
    verb.add_option("image", o.a, "Photo; - reads it from standard input")->required()->type_name("IMAGE");
    auto* other = verb.add_option("other", o.b, "Photo to compare with")->type_name("IMAGE");
    verb.add_option("--id", o.id, "Compare with this enrolled person instead")->type_name("ID")->excludes(other);
    add_modality(verb, o.modality);
    add_setting(verb, "-t,--threshold", "threshold");
    add_setting(verb, "--palm-threshold", "palm_threshold");
    add_setting(verb, "--metric", "metric");
    add_limits(verb);
}

app::Yardstick yardstick_of(Context const& cx, face::Contract const& contract) {
    return {.metric = match::metric_from(cx.settings.metric()),
            .scale = contract.scale,
            .threshold = app::verify_threshold(contract, cx.settings.threshold())};
}

/// None, with a record, if there is no face.
std::optional<app::Probe> look(face::Engine& engine, std::string const& argument, Context& cx) {
    auto const source = photo_source(argument, cx);
    auto probe = app::probe_of(engine, source, limits_of(cx));
    if (!probe) {
        tell(cx, "no_face", {{"image", image_value(source.path)}});
        cx.talk.warn(fmt::format("{}: no face found", name_of(source)));
    } else if (probe->faces > 1) {
        cx.talk.note(fmt::format("{}: {} faces, the largest is compared", name_of(source), probe->faces));
    }
    return probe;
}

int tell_comparison(CompareOptions const& o, app::Comparison const& comparison, float threshold, Context& cx) {
    tell(cx, "comparison",
         {{"a", image_value(o.a)},
          {"b", o.id.empty() ? image_value(o.b) : ui::Value{o.id}},
          {"distance", distance_value(comparison.distance)},
          {"threshold", distance_value(threshold)},
          {"same", comparison.same}});
    return comparison.same ? k_exit_yes : k_exit_no;
}

/// Two photos are judged as those of the people here are, where there are any.
face::Contract contract_in_use(Context const& cx, face::ModelSet const& models) {
    if (!cx.has_store()) return models.contract();
    auto store = cx.open_store(store::Access::read_only);
    return app::calibrated(models.contract(), store, match::metric_from(cx.settings.metric()));
}

int compare_photos(CompareOptions const& o, Context& cx) {
    auto const models = cx.models().active();
    auto const yardstick = yardstick_of(cx, contract_in_use(cx, models));
    face::Engine engine{models};
    auto const a = look(engine, o.a, cx);
    auto const b = look(engine, o.b, cx);
    if (!a || !b) return k_exit_no;
    return tell_comparison(o, app::compare(a->vector, b->vector, yardstick), yardstick.threshold, cx);
}

int compare_with_person(CompareOptions const& o, Context& cx) {
    FaceWorkspace const workspace{cx, FaceWorkspace::Opening::existing};
    // Before the work on the photo: a wrong id is found at once.
    static_cast<void>(app::require_person(workspace.get().store, o.id));
    auto const yardstick = yardstick_of(cx, workspace.contract());
    face::Engine engine{workspace.get().models};
    auto const probe = look(engine, o.a, cx);
    if (!probe) return k_exit_no;
    auto const comparison = app::compare_with_person(workspace.get(), probe->vector, o.id, yardstick);
    return tell_comparison(o, comparison, yardstick.threshold, cx);
}

/// None, with a record, if there is no palm.
std::optional<app::PalmFeatures> look_for_palm(std::string const& argument, Context& cx) {
    auto const source = photo_source(argument, cx);
    auto probe = app::palm_probe_of(source, limits_of(cx));
    if (probe) return std::move(*probe);
    auto const& refusal = probe.error();
    tell(cx, "no_palm",
         {{"image", image_value(source.path)}, {"reason", palm::name_of(refusal.reason)}, {"detail", refusal.detail}});
    cx.talk.warn(fmt::format("{}: {}", name_of(source), refusal.detail));
    return std::nullopt;
}

int compare_palms(CompareOptions const& o, Context& cx) {
    auto const threshold = app::palm_verify_threshold(palm_thresholds(cx).verify);
    if (o.id.empty()) {
        auto const a = look_for_palm(o.a, cx);
        auto const b = look_for_palm(o.b, cx);
        if (!a || !b) return k_exit_no;
        return tell_comparison(o, app::compare_palms(*a, b->palm, threshold), threshold, cx);
    }
    auto store = cx.open_store(store::Access::read_only);
    static_cast<void>(app::require_person(store, o.id));
    auto const probe = look_for_palm(o.a, cx);
    if (!probe) return k_exit_no;
    return tell_comparison(o, app::compare_with_palms_of(store, *probe, o.id, threshold), threshold, cx);
}

int run_compare(CompareOptions const& o, Context& cx) {
    if (o.b.empty() == o.id.empty()) throw Error{Kind::usage, "compare: name two photos, or one photo and --id"};
    if (o.a == "-" && o.b == "-") throw Error{Kind::usage, "compare: '-' can be given once"};
    check_distance_flags("compare", o.modality, cx);
    if (modality_from(o.modality) == store::Modality::palm) {
        cx.out.columns({"result", "a", "b", "image", "distance", "threshold", "same", "reason"});
        return compare_palms(o, cx);
    }
    cx.out.columns({"result", "a", "b", "image", "distance", "threshold", "same"});
    return o.id.empty() ? compare_photos(o, cx) : compare_with_person(o, cx);
}

}  // namespace

Verb compare_verb() {
    return verb("compare", "Say whether two photos show the same person", Group::face, add_compare, run_compare);
}

}  // namespace bioctl::cmd
