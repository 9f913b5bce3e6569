#include "lib/app/calibration.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/audit_trail.hpp"
#include "cmd/face_options.hpp"
#include "cmd/setting_flag.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/enrolled_samples.hpp"
#include "lib/app/thresholds.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct CalibrateOptions {
    std::string modality = "face";
    app::CalibrationPlan plan;
    bool apply = false, forget = false;
};

constexpr std::size_t k_most_replicates = 100'000;

void add_calibrate(CLI::App& verb, CalibrateOptions& o) {
    add_modality(verb, o.modality);
    verb.add_option("--target-fpir", o.plan.target_fpir, "Share of strangers that recognize may name, at this gallery's size")
        ->check(CLI::Range(1e-6, app::k_most_target))
        ->type_name("RATE")
        ->capture_default_str();
    verb.add_option("--target-fmr", o.plan.target_fmr, "Share of other people's photos that compare may let pass")
        ->check(CLI::Range(1e-9, app::k_most_target))
        ->type_name("RATE")
        ->capture_default_str();
    auto* const apply = verb.add_flag("--apply", o.apply, "Use these thresholds from now on");
    verb.add_flag("--forget", o.forget, "Go back to the thresholds that were measured for the models")->excludes(apply);
    verb.add_option("--replicates", o.plan.bootstrap.replicates, "Draws of people for the intervals")
        ->check(CLI::Range(std::size_t{100}, k_most_replicates))
        ->type_name("N")
        ->capture_default_str();
    verb.add_option("--seed", o.plan.bootstrap.seed, "Of the draws; the same one gives the same intervals")
        ->type_name("N")
        ->capture_default_str();
    add_setting(verb, "--metric", "metric");
    add_setting(verb, "-j,--jobs", "jobs");
}

ui::Value rate_value(double rate) {
    return ui::decimal(rate, 6);
}

/// Without a person who has two templates nobody knows what is missed.
ui::Value cost_value(store::Calibration const& calibration, double rate) {
    return calibration.genuine == 0 ? ui::Value{} : rate_value(rate);
}

void tell_thresholds(Context& cx, store::Calibration const& c, std::optional<float> identify_now,
                     std::optional<float> verify_now) {
    cx.out.columns({"use", "threshold", "now", "target", "measured", "low", "high", "missed", "missed_low", "missed_high"});
    cx.out.record("threshold", {{"use", "recognize"},
                                {"threshold", distance_value(c.identify)},
                                {"now", distance_value(identify_now)},
                                {"metric", "fpir"},
                                {"target", c.target_fpir},
                                {"measured", rate_value(c.fpir.value)},
                                {"low", rate_value(c.fpir.low)},
                                {"high", rate_value(c.fpir.high)},
                                {"missed", cost_value(c, c.fnir.value)},
                                {"missed_low", cost_value(c, c.fnir.low)},
                                {"missed_high", cost_value(c, c.fnir.high)}});
    // Of so many comparisons the rate meets its target by construction: it has no interval worth the name.
    cx.out.record("threshold", {{"use", "compare"},
                                {"threshold", distance_value(c.verify)},
                                {"now", distance_value(verify_now)},
                                {"metric", "fmr"},
                                {"target", c.target_fmr},
                                {"measured", ui::Value{}},
                                {"low", ui::Value{}},
                                {"high", ui::Value{}},
                                {"missed", cost_value(c, c.fnmr.value)},
                                {"missed_low", cost_value(c, c.fnmr.low)},
                                {"missed_high", cost_value(c, c.fnmr.high)}});
}

ui::Value curve_value(store::Calibration const& calibration) {
    ui::Value::Array curve;
    for (auto const& point : app::curve_points(calibration))
        curve.emplace_back(ui::Value::Array{ui::decimal(point.threshold, 4), rate_value(point.fpir), rate_value(point.fnir)});
    return curve;
}

void tell_sample(Context& cx, store::Calibration const& c, bool is_applied, bool is_fit) {
    cx.out.json_only("calibration", {{"modality", store::name_of(c.modality)},
                                     {"contract", c.contract},
                                     {"metric", c.metric},
                                     {"people", c.people},
                                     {"templates", c.templates},
                                     {"genuine", c.genuine},
                                     {"impostors", c.impostors},
                                     {"strangers", c.searches},
                                     {"curve", curve_value(c)},
                                     {"at", to_rfc3339(c.created_at)},
                                     {"applied", is_applied}});
    cx.out.flush();
    if (c.genuine == 0) cx.talk.warn("nobody has two templates, so what these thresholds miss is not known");
    cx.talk.note(fmt::format("from {} with {}; {}", counted(static_cast<std::uint64_t>(c.people), "person", "people"),
                             counted(static_cast<std::uint64_t>(c.templates), "template", "templates"),
                             is_applied ? "recognize, compare and serve use it from now on (serve after a reload)"
                             : is_fit   ? "nothing is changed; --apply puts it to use"
                                        : "nothing is changed"));
}

/// In the audit log.
std::string subject_of(store::Modality modality) {
    return fmt::format("calibration:{}", store::name_of(modality));
}

int forget(app::CalibrationKey const& key, Context& cx) {
    auto store = cx.open_store(store::Access::read_write);
    bool was_there = false;
    store::Together change_and_row{store};
    store.write([&] { was_there = store.calibrations().remove(key.modality, key.contract, key.metric); });
    if (was_there) record_change(cx, store, "calibration.forget", subject_of(key.modality));
    change_and_row.commit();
    cx.out.json_only("forgotten", {{"modality", store::name_of(key.modality)}, {"forgotten", was_there}});
    cx.talk.note(was_there ? "the thresholds that were measured for the models are in use again" : "there was no calibration");
    return was_there ? k_exit_yes : k_exit_no;
}

void warn_if_overruled(store::Modality modality, Context& cx) {
    auto const& setting = cx.settings.get(modality == store::Modality::palm ? "palm_threshold" : "threshold");
    if (setting.value)
        cx.talk.warn(fmt::format("{} is set to {} ({}), which overrules the calibration", setting.key->name,
                                 printable(*setting.value), setting.origin));
}

/// Within which two ids are taken for one person. Of palms that is the threshold of recognize itself: a site may well be
/// stricter.
std::optional<float> duplicates_within(store::Modality modality, face::Contract const& contract) {
    if (modality == store::Modality::palm) return std::nullopt;
    return app::duplicate_threshold(contract, std::nullopt);
}

struct Measured {
    store::Calibration calibration;
    std::string doubt;  ///< why it should not be used; "" = nothing speaks against it
};

Measured measure(CalibrateOptions const& o, app::CalibrationKey const& key, face::Contract const& contract, match::Metric metric,
                 Context& cx) {
    auto store = cx.open_store(store::Access::read_only);
    app::EnrolledSamples const enrolled{store, key.modality, contract, metric};
    auto const trials = app::trials_within(enrolled.samples(), enrolled.measure(), jobs_of(cx));
    auto plan = o.plan;
    plan.bootstrap.jobs = jobs_of(cx);
    auto calibration = app::calibrate(trials, plan);
    calibration.modality = key.modality;
    calibration.contract = key.contract;
    calibration.metric = key.metric;
    calibration.created_at = cx.clock.now();
    auto doubt = app::why_unfit(calibration, trials, duplicates_within(key.modality, contract));
    return {std::move(calibration), std::move(doubt)};
}

int run_calibrate(CalibrateOptions const& o, Context& cx) {
    auto const modality = modality_from(o.modality);
    auto const metric = match::metric_from(cx.settings.metric());
    auto const contract = models_for(modality, cx).contract();
    auto const key = app::calibration_key(modality, contract, metric);
    if (!cx.has_store()) static_cast<void>(cx.open_store(store::Access::read_only));  // says that nobody is enrolled
    if (o.forget) return forget(key, cx);

    auto const [calibration, doubt] = measure(o, key, contract, metric, cx);
    bool const is_applied = o.apply && doubt.empty();
    auto store = cx.open_store(is_applied ? store::Access::read_write : store::Access::read_only);
    if (modality == store::Modality::palm) {
        auto const now = palm_thresholds(cx.settings, store);
        tell_thresholds(cx, calibration, app::palm_identify_threshold(now.identify), app::palm_verify_threshold(now.verify));
    } else {
        auto const now = app::calibrated(contract, store, metric);
        auto const set = cx.settings.threshold();
        tell_thresholds(cx, calibration, set ? set : now.threshold_identify, set ? set : now.threshold_verify);
    }
    if (is_applied) {
        store::Together change_and_row{store};
        store.write([&] { store.calibrations().put(calibration); });
        record_change(
            cx, store, "calibration.apply", subject_of(modality),
            {{"identify", fmt::format("{:.4f}", calibration.identify)}, {"verify", fmt::format("{:.4f}", calibration.verify)}});
        change_and_row.commit();
        warn_if_overruled(modality, cx);
    }
    tell_sample(cx, calibration, is_applied, doubt.empty());
    if (o.apply && !is_applied) throw Error{Kind::data, fmt::format("these thresholds were not put to use: {}", doubt)};
    if (!doubt.empty()) cx.talk.warn(fmt::format("these thresholds are of no use: {}", doubt));
    return k_exit_yes;
}

}  // namespace

Verb calibrate_verb() {
    return verb("calibrate", "Choose thresholds from the people who are enrolled", Group::face, add_calibrate, run_calibrate);
}

}  // namespace bioctl::cmd
