#include "lib/app/calibration.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/app/enrolled_samples.hpp"
#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using eval::Weights;

constexpr std::size_t k_curve_points = 60;

void require_people(Trials const& trials, CalibrationPlan const& plan, std::size_t impostors) {
    constexpr double k_rule_of_three = 3;
    auto const people = trials.people.size();
    if (auto const needed = eval::trials_needed(plan.target_fpir); people < needed) {
        auto const possible = k_rule_of_three / static_cast<double>(std::max<std::size_t>(people, 1));
        // Two digits, rounded up, so that the next try is not refused.
        auto const digit = std::pow(10, std::floor(std::log10(possible)) - 1);
        auto const advised = std::ceil(possible / digit * (1 - 1e-12)) * digit;
        auto const way_out =
            advised <= k_most_target
                ? fmt::format("ask for --target-fpir {:.2g} or more, or keep the thresholds of the models", advised)
                : std::string{"enrol more people, or keep the thresholds of the models"};
        throw Error{Kind::data, fmt::format("{} cannot show how often {:g} of strangers are named: that takes {} (rule of 3); {}",
                                            counted(people, "person", "people"), plan.target_fpir, needed, way_out)};
    }
    if (auto const needed = eval::trials_needed(plan.target_fmr); impostors < needed) {
        throw Error{Kind::data,
                    fmt::format("{} of different people cannot show a false match rate of {:g}: that takes {}; ask for a "
                                "larger --target-fmr",
                                counted(impostors, "comparison", "comparisons"), plan.target_fmr, needed)};
    }
}

double finite(double threshold) {
    constexpr double k_everything = 1e3;
    return std::isfinite(threshold) ? threshold : k_everything;
}

/// FPIR on strangers of one draw at the threshold chosen on another.
store::MeasuredShare predicted_fpir(Trials const& trials, CalibrationPlan const& plan, double measured) {
    std::vector<double> rates;
    auto const people = trials.people.size();
    auto const half = std::max<std::size_t>(people / 2, 1);
    for (std::size_t i = 0; i < plan.bootstrap.replicates; ++i) {
        auto const seed = plan.bootstrap.seed * 0x9E3779B97F4A7C15U + 2 * i;
        auto const chosen_on = eval::draw_subjects(people, half, seed);
        auto const tried_on = eval::draw_subjects(people, half, seed + 1);
        auto const threshold = at_fpirs(trials.searches, std::vector{plan.target_fpir}, chosen_on).front().threshold;
        rates.push_back(open_set_at(trials.searches, finite(threshold), tried_on).fpir);
    }
    auto const interval = eval::middle_of(std::move(rates));
    return {measured, std::min(interval.low, measured), std::max(interval.high, measured)};
}

struct Costs {
    store::MeasuredShare fnir, fnmr;
};

Costs costs_of(Trials const& trials, eval::Scores const& scores, CalibrationPlan const& plan, double identify, double verify) {
    bool const is_known = !scores.genuine().empty();
    if (!is_known) return {{0, 0, 1}, {0, 0, 1}};
    auto const fnir = open_set_at(trials.searches, identify).fnir;
    auto const fnmr = at_threshold(scores, verify).fnmr;
    // The rate of misses alone: most of the comparisons are of impostors.
    eval::Scores const genuine{scores.genuine(), {}, scores.subjects()};
    auto const intervals = eval::bootstrap(
        trials.people.size(), 2,
        [&](Weights weights) {
            return std::vector{open_set_at(trials.searches, identify, weights).fnir, at_threshold(genuine, verify, weights).fnmr};
        },
        plan.bootstrap);
    // Nothing missed is not never missed.
    auto const least_high = [](double value, std::size_t people) { return value == 0 ? eval::rule_of_three(people) : value; };
    auto const fnir_least = least_high(fnir, eval::count_mated_subjects(trials.searches));
    auto const fnmr_least = least_high(fnmr, count_subjects(scores.genuine()));
    return {{fnir, std::min(intervals[0].low, fnir), std::max(intervals[0].high, fnir_least)},
            {fnmr, std::min(intervals[1].low, fnmr), std::max(intervals[1].high, fnmr_least)}};
}

std::string curve_of(Trials const& trials) {
    std::vector<float> distances;
    for (auto const& search : trials.searches) {
        auto const distance = search.is_mated ? search.own : search.other;
        if (distance != eval::k_not_compared) distances.push_back(distance);
    }
    std::ranges::sort(distances);
    std::string curve;
    for (std::size_t i = 0; i < k_curve_points && !distances.empty(); ++i) {
        auto const threshold = static_cast<double>(distances[i * (distances.size() - 1) / (k_curve_points - 1)]);
        auto const point = open_set_at(trials.searches, threshold);
        curve += fmt::format("{}[{:.4f},{:.6f},{:.6f}]", curve.empty() ? "" : ",", threshold, point.fpir, point.fnir);
    }
    return "[" + curve + "]";
}

}  // namespace

store::Calibration calibrate(Trials const& trials, CalibrationPlan const& plan) {
    eval::Scores const scores{trials.genuine, trials.impostors, trials.people.size()};
    require_people(trials, plan, scores.impostors().size());
    auto const identify = at_fpirs(trials.searches, std::vector{plan.target_fpir}).front();
    auto const verify = at_fmrs(scores, std::vector{plan.target_fmr}).front();
    auto const costs = costs_of(trials, scores, plan, finite(identify.threshold), verify.threshold);

    store::Calibration result;
    result.identify = static_cast<float>(finite(identify.threshold));
    result.verify = static_cast<float>(verify.threshold);
    result.target_fpir = plan.target_fpir;
    result.target_fmr = plan.target_fmr;
    result.fpir = predicted_fpir(trials, plan, identify.fpir);
    result.fnir = costs.fnir;
    result.fnmr = costs.fnmr;
    result.people = static_cast<std::int64_t>(trials.people.size());
    result.templates = static_cast<std::int64_t>(trials.samples);
    result.genuine = static_cast<std::int64_t>(scores.genuine().size());
    result.impostors = static_cast<std::int64_t>(scores.impostors().size());
    result.searches = std::ranges::count_if(trials.searches, [](eval::Search const& search) { return !search.is_mated; });
    result.curve = curve_of(trials);
    return result;
}

std::string why_unfit(store::Calibration const& calibration, Trials const& trials, std::optional<float> duplicate) {
    constexpr double k_nearly_all = .9;
    std::string fault;
    if (calibration.identify <= 0 || calibration.verify <= 0) {
        fault = fmt::format("the threshold of {} would be {:.4f}, so that nobody matches",
                            calibration.identify <= 0 ? "recognize" : "compare",
                            calibration.identify <= 0 ? calibration.identify : calibration.verify);
    } else if (duplicate && calibration.identify < *duplicate) {
        fault =
            fmt::format("the threshold of recognize would be {:.4f}, where two ids within {:.3f} are one person enrolled twice",
                        calibration.identify, *duplicate);
    } else if (calibration.genuine > 0 && std::max(calibration.fnir.value, calibration.fnmr.value) >= k_nearly_all) {
        fault = fmt::format("{:.0f} % would be missed", 100 * std::max(calibration.fnir.value, calibration.fnmr.value));
    }
    if (fault.empty() || trials.impostors.empty()) return fault;
    auto const& nearest = *std::ranges::min_element(trials.impostors, {}, &eval::Trial::distance);
    return fmt::format(
        "{}; the nearest two people, '{}' and '{}', are {:.4f} apart: if they are one person, `bioctl people dedupe` "
        "lists all such, and they are to be merged first",
        fault, printable(trials.people[nearest.a]), printable(trials.people[nearest.b]), nearest.distance);
}

std::vector<CalibrationPoint> curve_points(store::Calibration const& calibration) {
    std::vector<CalibrationPoint> points;
    auto const rows = nlohmann::json::parse(calibration.curve, nullptr, false);
    if (!rows.is_array()) return points;
    for (auto const& row : rows) {
        bool const is_point =
            row.is_array() && row.size() == 3 && std::ranges::all_of(row, [](auto const& x) { return x.is_number(); });
        if (is_point) points.push_back({row[0].get<double>(), row[1].get<double>(), row[2].get<double>()});
    }
    return points;
}

face::Contract calibrated(face::Contract contract, store::Store& store, match::Metric metric) {
    auto const key = calibration_key(store::Modality::face, contract, metric);
    if (auto const found = store.calibrations().get(key.modality, key.contract, key.metric)) {
        contract.threshold_identify = found->identify;
        contract.threshold_verify = found->verify;
    }
    return contract;
}

std::optional<store::Calibration> palm_calibration(store::Store& store) {
    auto const key = calibration_key(store::Modality::palm, {}, {});
    return store.calibrations().get(key.modality, key.contract, key.metric);
}

std::vector<FiledCalibration> filed_calibrations(store::Store& store, face::Contract const& contract, match::Metric metric) {
    std::vector<FiledCalibration> all;
    store.read([&] {
        for (auto& calibration : store.calibrations().list()) {
            auto const key = calibration_key(calibration.modality, contract, metric);
            bool const is_in_use = calibration.contract == key.contract && calibration.metric == key.metric;
            all.push_back({std::move(calibration), is_in_use});
        }
    });
    return all;
}

double growth_since(store::Calibration const& calibration, std::int64_t people_now) {
    return static_cast<double>(people_now) / static_cast<double>(std::max<std::int64_t>(calibration.people, 1));
}

bool is_outgrown(store::Calibration const& calibration, std::int64_t people_now) {
    return calibration.target_fpir * growth_since(calibration, people_now) > calibration.fpir.high;
}

}  // namespace bioctl::app
