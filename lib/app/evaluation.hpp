#pragma once
// How good is recognition on these people? From labelled vectors to figures with intervals.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/app/pair_list.hpp"
#include "lib/app/samples.hpp"
#include "lib/eval/bootstrap.hpp"
#include "lib/eval/claim.hpp"
#include "lib/eval/folds.hpp"
#include "lib/eval/identification.hpp"
#include "lib/eval/verification.hpp"
#include "lib/match/distance.hpp"

namespace bioctl::app {

/// Distance of two samples by index; any thread. k_not_compared if one of them was not acquired.
using Measure = std::function<float(std::size_t a, std::size_t b)>;

/// Distances of the vectors of `samples`, which outlive the function.
[[nodiscard]] Measure measure_of(std::vector<Sample> const& samples, match::Metric metric, float scale);

/// What was compared with what.
struct Trials {
    std::vector<std::string> people;  ///< by eval::Subject
    std::size_t samples = 0;
    std::vector<eval::Subject> missed_of;  ///< of whom each sample is that was not acquired
    std::vector<eval::Subject> sample_of;  ///< of whom each sample is
    std::vector<eval::Trial> genuine, impostors;
    std::size_t impostor_pairs = 0;            ///< there were; more than `impostors` when only a part of them was taken
    std::vector<eval::FoldTrial> fold_trials;  ///< the listed pairs; empty if there is no list
    std::size_t folds = 0;
    std::vector<eval::Search> searches;   ///< empty if there is no gallery
    std::size_t enrolled = 0;             ///< people in the gallery
    bool are_misses_known = true;         ///< false: of samples that were not acquired nothing is known, they were not kept
    bool are_strangers_held_out = false;  ///< nobody in the probes is a stranger: each person was left out of the gallery in turn
};

enum class Impostors {
    listed,  ///< the different pairs of the list
    all,     ///< every two photos of different people in the list
};

/// Two people who are compared more often than this in all are compared less: every k-th pair, evenly.
inline constexpr std::size_t k_most_impostors = 10'000'000;

[[nodiscard]] Trials trials_of_pairs(PairList const& list, std::vector<Sample> const& samples, Impostors impostors,
                                     Measure const& measure, int jobs);

/// Every probe against every template of the gallery: samples [0, gallery) are enrolled, the others are probes.
[[nodiscard]] Trials trials_of_probes(std::vector<Sample> const& samples, std::size_t gallery, Measure const& measure, int jobs);

/// Every two samples, and each one searched among the others. Strangers by leaving each person out in turn.
[[nodiscard]] Trials trials_within(std::vector<Sample> const& samples, Measure const& measure, int jobs);

struct EvaluationPlan {
    std::vector<double> fmrs{1e-2, 1e-3, 1e-4, 1e-5, 1e-6};
    std::vector<double> fpirs{.1, .01, .001};
    std::vector<double> ranks{1, 5, 10};
    std::vector<eval::Claim> claims{};            ///< what they name is measured too
    std::map<std::string, std::string> groups{};  ///< of people; empty: no figures by group
    double group_fmr = 1e-3;                      ///< groups are judged at the threshold that all together have here
    eval::BootstrapPlan bootstrap{};
};

struct GroupFigures {
    std::string name;
    std::size_t people = 0;
    std::size_t genuine = 0, impostors = 0;  ///< comparisons within the group
    double fnmr = 0, fmr = 0;
    eval::Interval fnmr_interval, fmr_interval;
};

struct Evaluation {
    std::vector<eval::Figure> figures;
    std::vector<std::pair<eval::Claim, eval::Verdict>> verdicts;  ///< empty until judged
    std::vector<GroupFigures> groups;                             ///< worst FNMR first
    double group_threshold = 0;
    std::size_t unknown_in_groups = 0;  ///< ids in the list of groups that are nobody's
    std::vector<eval::OperatingPoint> curve;
    eval::Histogram histogram;
    std::vector<double> cmc;  ///< of ranks 1, 2, ...
    std::size_t people = 0, samples = 0, missed = 0, genuine = 0, impostors = 0, impostor_pairs = 0;
    std::size_t searches = 0, strangers = 0, enrolled = 0;
};

/// Figures in a fixed order: fnmr, eer, accuracy, rank, fnir, fta; those that the trials allow. Error{data} if there is nothing
/// to compare: no genuine or no impostor comparison; or if the list of groups fits nobody.
[[nodiscard]] Evaluation evaluate(Trials const& trials, EvaluationPlan const& plan, bool is_strict);

/// CSV with the columns id and group. Error{data} with the line for anything else.
[[nodiscard]] std::map<std::string, std::string> read_groups(std::string_view text);

}  // namespace bioctl::app
