#pragma once
// What a build asserts about its recogniser: "fnmr@fmr=1e-3<0.02".

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"
#include "lib/eval/share.hpp"

namespace bioctl::eval {

enum class Metric { fnmr, eer, accuracy, rank, fnir, fta };
/// "fnmr", "eer", "accuracy", "rank", "fnir", "fta"
[[nodiscard]] std::string_view name_of(Metric metric);

/// A measured figure. An error rate, unless the metric is accuracy or rank, where more is better.
struct Figure {
    Metric metric{};
    std::optional<double> at;  ///< FMR of fnmr, FPIR of fnir, k of rank
    double value = 0;
    Interval interval;
    std::optional<double> threshold{};  ///< where it was measured
    std::size_t trials = 0;             ///< the figure is a share of these
    std::size_t people = 0;             ///< who have such trials: they are what is independent
    std::size_t limit_trials = 0;       ///< that set the threshold: impostor comparisons of fnmr, strangers of fnir

    /// "fnmr@fmr=0.001", "rank@k=5", "eer"
    [[nodiscard]] std::string name() const;
    [[nodiscard]] bool is_better_small() const { return metric != Metric::accuracy && metric != Metric::rank; }
};

enum class Relation { less, at_most, greater, at_least };

struct Claim {
    std::string text;  ///< as given
    Metric metric{};
    std::optional<double> at;
    Relation relation{};
    double bound = 0;
};

/// NAME[@fmr=RATE | @fpir=RATE | @k=N] (< | <= | > | >=) NUMBER; "2%" is .02. Kind::usage says what is wrong: an unknown name, a
/// missing or foreign condition, a bound outside of 0..1, a relation that asks for a bad figure (fnmr > .1).
[[nodiscard]] Result<Claim> parse_claim(std::string_view text);

enum class Judgement {
    holds,
    fails,
    unsupported,  ///< even a flawless run of this size would not show it
};
struct Verdict {
    Judgement judgement{};
    std::string reason;  ///< one line for people, with the figures
};

/// By the rule of 3 (trials_needed()): the comparisons that set the threshold must reach its rate, and the trials of the figure
/// the bound. `is_strict`: the end of the interval that is worse is held against the bound, not the measured value.
[[nodiscard]] Verdict judge(Claim const& claim, Figure const& figure, bool is_strict);

}  // namespace bioctl::eval
