#include "lib/eval/claim.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::eval {

namespace {

struct MetricRow {
    Metric metric;
    std::string_view name;
    std::string_view condition;  ///< "" = it has none
};

constexpr std::array k_metrics{
    MetricRow{Metric::fnmr, "fnmr", "fmr"}, MetricRow{Metric::eer, "eer", ""},       MetricRow{Metric::accuracy, "accuracy", ""},
    MetricRow{Metric::rank, "rank", "k"},   MetricRow{Metric::fnir, "fnir", "fpir"}, MetricRow{Metric::fta, "fta", ""},
};

MetricRow const& row_of(Metric metric) {
    for (auto const& row : k_metrics) {
        if (row.metric == metric) return row;
    }
    throw Error{Kind::bug, "a Metric without a row"};
}

std::optional<double> number_of(std::string_view text) {
    text = trim(text);
    bool const is_percent = text.ends_with('%');
    if (is_percent) text.remove_suffix(1);
    double value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    constexpr double k_hundred = 100;
    return is_percent ? value / k_hundred : value;
}

Error refusal(std::string_view text, std::string_view why) {
    return Error{Kind::usage, fmt::format("assertion '{}': {}; write it like fnmr@fmr=1e-3<0.02", printable(text), why)};
}

std::string what_is_wrong_with(MetricRow const& row, std::optional<double> at) {
    if (row.condition.empty()) return at ? fmt::format("{} takes no condition", row.name) : "";
    if (!at) return fmt::format("{} needs a condition, {}@{}=...", row.name, row.name, row.condition);
    if (row.metric == Metric::rank) {
        constexpr double k_most = 1000;
        return *at >= 1 && *at <= k_most && *at == std::floor(*at) ? "" : "k is a whole number from 1 to 1000";
    }
    return *at > 0 && *at < 1 ? "" : fmt::format("{} is between 0 and 1", row.condition);
}

struct Split {
    std::string_view left, right;
    Relation relation;
};

std::optional<Split> split_at_relation(std::string_view text) {
    auto const at = text.find_first_of("<>");
    if (at == std::string_view::npos) return std::nullopt;
    bool const has_equal = text.substr(at + 1).starts_with('=');
    bool const is_less = text[at] == '<';
    auto const relation =
        is_less ? (has_equal ? Relation::at_most : Relation::less) : (has_equal ? Relation::at_least : Relation::greater);
    return Split{trim(text.substr(0, at)), trim(text.substr(at + (has_equal ? 2 : 1))), relation};
}

bool holds(Relation relation, double value, double bound) {
    switch (relation) {
        case Relation::less: return value < bound;
        case Relation::at_most: return value <= bound;
        case Relation::greater: return value > bound;
        case Relation::at_least: return value >= bound;
    }
    throw Error{Kind::bug, "a Relation without a meaning"};
}

/// "" if this many trials can show a rate of errors this small.
std::string why_too_few(std::size_t trials, double rate, std::string_view what) {
    if (rate <= 0) return fmt::format("no number of {} shows that there are no errors at all", what);
    auto const needed = trials_needed(std::min(1.0, rate));
    if (trials >= needed) return {};
    if (needed == std::numeric_limits<std::size_t>::max()) return fmt::format("no number of {} shows {:g}", what, rate);
    return fmt::format("{} {}, where {:g} takes at least {} (rule of 3)", trials, what, rate, needed);
}

}  // namespace

std::string_view name_of(Metric metric) {
    return row_of(metric).name;
}

std::string Figure::name() const {
    auto const& row = row_of(metric);
    return at ? fmt::format("{}@{}={:g}", row.name, row.condition, *at) : std::string{row.name};
}

Result<Claim> parse_claim(std::string_view text) {
    auto const parts = split_at_relation(text);
    if (!parts) return failure(refusal(text, "it compares nothing"));
    Claim claim{std::string{text}, {}, std::nullopt, parts->relation, 0};

    auto const at = parts->left.find('@');
    auto const name = trim(parts->left.substr(0, at));
    MetricRow const* row = nullptr;
    for (auto const& candidate : k_metrics) {
        if (candidate.name == name) row = &candidate;
    }
    if (row == nullptr) return failure(refusal(text, "the figures are fnmr, eer, accuracy, rank, fnir and fta"));
    claim.metric = row->metric;
    if (at != std::string_view::npos) {
        auto const condition = parts->left.substr(at + 1);
        auto const equals = condition.find('=');
        if (equals == std::string_view::npos || trim(condition.substr(0, equals)) != row->condition || row->condition.empty())
            return failure(refusal(text, row->condition.empty()
                                             ? fmt::format("{} takes no condition", row->name)
                                             : fmt::format("the condition of {} is {}", row->name, row->condition)));
        claim.at = number_of(condition.substr(equals + 1));
        if (!claim.at) return failure(refusal(text, "the condition is no number"));
    }
    if (auto const wrong = what_is_wrong_with(*row, claim.at); !wrong.empty()) return failure(refusal(text, wrong));

    auto const bound = number_of(parts->right);
    if (!bound || *bound < 0 || *bound > 1) return failure(refusal(text, "the bound is a number from 0 to 1, or a percentage"));
    claim.bound = *bound;
    bool const wants_small = claim.relation == Relation::less || claim.relation == Relation::at_most;
    if (wants_small != Figure{.metric = claim.metric, .at = {}, .interval = {}}.is_better_small())
        return failure(refusal(text, fmt::format("of {} {} is better", row->name, wants_small ? "more" : "less")));
    return claim;
}

Verdict judge(Claim const& claim, Figure const& figure, bool is_strict) {
    auto const allowed = figure.is_better_small() ? claim.bound : 1 - claim.bound;
    std::string lack;
    if (figure.metric == Metric::fnmr) lack = why_too_few(figure.limit_trials, *figure.at, "impostor comparisons");
    if (figure.metric == Metric::fnir) lack = why_too_few(figure.limit_trials, *figure.at, "searches of strangers");
    if (lack.empty()) lack = why_too_few(figure.trials, allowed, "trials");
    if (!lack.empty()) return {Judgement::unsupported, fmt::format("the sample is too small for {}: {}", claim.text, lack)};
    auto const worst = figure.is_better_small() ? figure.interval.high : figure.interval.low;
    bool const is_held = holds(claim.relation, is_strict ? worst : figure.value, claim.bound);
    return {is_held ? Judgement::holds : Judgement::fails,
            fmt::format("{} {}: measured {:.6g}, 95 % interval {:.6g} to {:.6g}, {} trials", claim.text,
                        is_held ? "holds" : "fails", figure.value, figure.interval.low, figure.interval.high, figure.trials)};
}

}  // namespace bioctl::eval
