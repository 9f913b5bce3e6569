#pragma once
// Thresholds for these people and these models, from the gallery itself.

#include <vector>

#include "lib/app/evaluation.hpp"
#include "lib/face/contract.hpp"
#include "lib/match/distance.hpp"
#include "lib/store/calibrations.hpp"

namespace bioctl::app {

/// Of either target: beyond it there is nothing to aim for.
inline constexpr double k_most_target = 0.5;

struct CalibrationPlan {
    double target_fpir = .01;  ///< of strangers, at this gallery's size
    double target_fmr = 1e-3;  ///< of comparisons 1:1
    eval::BootstrapPlan bootstrap{};
};

/// Chooses the largest thresholds that meet the targets, each person being a stranger to the others in turn. Modality, contract,
/// metric and time are left to the caller.
///
/// The interval of the FPIR is for as many strangers as there are people, still to come: thresholds are chosen on one draw of
/// people and tried on another, each of half of the people, because a confusion of two shows up once from each side.
///
/// Error{data} with the way out if there are too few people for a target (rule of 3: 3 / target_fpir people and 3 / target_fmr
/// comparisons of different people).
[[nodiscard]] store::Calibration calibrate(Trials const& trials, CalibrationPlan const& plan);

/// Why these thresholds should not be used, for people: they would leave nearly everybody unknown, as happens when people are
/// enrolled twice, each being a stranger to the other. "" if nothing speaks against them. `duplicate`: the distance within which
/// two ids are taken for one person, if there is one.
[[nodiscard]] std::string why_unfit(store::Calibration const& calibration, Trials const& trials, std::optional<float> duplicate);

/// A point of store::Calibration::curve.
struct CalibrationPoint {
    double threshold = 0, fpir = 0, fnir = 0;
};
/// Points that are none are left out.
[[nodiscard]] std::vector<CalibrationPoint> curve_points(store::Calibration const& calibration);

/// The contract with the thresholds of the calibration for it, if the store has one. The one for duplicates stays.
[[nodiscard]] face::Contract calibrated(face::Contract contract, store::Store& store, match::Metric metric);

/// The calibration of palms, if the store has one for the present pipeline.
[[nodiscard]] std::optional<store::Calibration> palm_calibration(store::Store& store);

struct FiledCalibration {
    store::Calibration calibration;
    bool is_in_use = false;  ///< of these models and this metric; a setting of the user's own goes before it
};
/// All that the store has, newest first.
[[nodiscard]] std::vector<FiledCalibration> filed_calibrations(store::Store& store, face::Contract const& contract,
                                                               match::Metric metric);

/// How often strangers are named now, as a multiple of what was measured: that grows with the gallery.
[[nodiscard]] double growth_since(store::Calibration const& calibration, std::int64_t people_now);
/// Beyond what the calibration's own interval allows for.
[[nodiscard]] bool is_outgrown(store::Calibration const& calibration, std::int64_t people_now);

}  // namespace bioctl::app
