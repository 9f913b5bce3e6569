// The second half of evaluation.hpp: from trials to figures, with intervals by the bootstrap over people.

#include "lib/app/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "lib/base/csv.hpp"
#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using eval::Figure;
using eval::Metric;
using eval::Scores;
using eval::Weights;

constexpr std::size_t k_curve_points = 400;
constexpr std::size_t k_histogram_bins = 80;
constexpr std::size_t k_most_ranks = 20;

double nan_value() {
    return std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> conditions_of(std::vector<double> values, std::vector<eval::Claim> const& claims, Metric metric) {
    for (auto const& claim : claims) {
        if (claim.metric == metric && std::ranges::find(values, *claim.at) == values.end()) values.push_back(*claim.at);
    }
    return values;
}

/// Comparisons within one group of people.
struct Group {
    std::string name;
    std::size_t people = 0;
    Scores scores;
};

std::vector<Group> groups_of(Trials const& trials, Scores const& scores, std::map<std::string, std::string> const& groups) {
    std::map<std::string, std::vector<bool>> members;
    for (std::size_t subject = 0; subject < trials.people.size(); ++subject) {
        auto const found = groups.find(trials.people[subject]);
        auto const name = found == groups.end() ? std::string{"(none)"} : found->second;
        auto& of_group = members.try_emplace(name, trials.people.size()).first->second;
        of_group[subject] = true;
    }
    std::vector<Group> result;
    for (auto const& one : members) {
        auto const& is_member = one.second;  // clang 14 lets no lambda use what a structured binding names
        auto const within = [&](std::vector<eval::Trial> const& all) {
            std::vector<eval::Trial> chosen;
            std::ranges::copy_if(all, std::back_inserter(chosen),
                                 [&](eval::Trial const& trial) { return is_member[trial.a] && is_member[trial.b]; });
            return chosen;
        };
        result.push_back({one.first, static_cast<std::size_t>(std::ranges::count(is_member, true)),
                          Scores{within(scores.genuine()), within(scores.impostors()), scores.subjects()}});
    }
    return result;
}

/// All figures of one sample of people, as a flat list, so that the bootstrap can repeat them.
class Figures {
public:
    Figures(Trials const& trials, EvaluationPlan const& plan)
        : m_trials(trials),
          m_scores(trials.genuine, trials.impostors, trials.people.size()),
          m_fmrs(conditions_of(plan.fmrs, plan.claims, Metric::fnmr)),
          m_fpirs(conditions_of(plan.fpirs, plan.claims, Metric::fnir)),
          m_ranks(conditions_of(plan.ranks, plan.claims, Metric::rank)) {
        for (auto const& search : trials.searches)
            ++(search.is_mated ? m_mated : m_strangers);
        if (trials.folds > 1 && !trials.fold_trials.empty()) m_folds = accuracy_by_folds(trials.fold_trials, trials.folds);
        if (plan.groups.empty()) return;
        m_group_threshold = at_fmrs(m_scores, std::vector{plan.group_fmr}).front().threshold;
        m_groups = groups_of(trials, m_scores, plan.groups);
    }

    [[nodiscard]] Scores const& scores() const { return m_scores; }
    [[nodiscard]] std::vector<Group> const& groups() const { return m_groups; }
    [[nodiscard]] double group_threshold() const { return m_group_threshold; }
    [[nodiscard]] std::size_t strangers() const { return m_strangers; }

    /// The figures of everybody, without intervals.
    [[nodiscard]] std::vector<Figure> measure() const {
        std::vector<Figure> list;
        add_verification(list);
        add_identification(list);
        if (m_trials.are_misses_known) {
            list.push_back({.metric = Metric::fta,
                            .at = {},
                            .value = fta({}),
                            .interval = {},
                            .threshold = {},
                            .trials = m_trials.samples,
                            .people = m_trials.people.size(),
                            .limit_trials = 0});
        }
        return list;
    }

    /// The values of measure(), in its order, then FNMR and FMR of each group.
    [[nodiscard]] std::vector<double> values(Weights weights) const {
        std::vector<double> list;
        for (auto const& point : at_fmrs(m_scores, m_fmrs, weights))
            list.push_back(point.fnmr);
        list.push_back(equal_error(m_scores, weights).rate);
        if (m_folds) list.push_back(accuracy(weights));
        if (m_mated > 0) {
            auto const ranks = cmc(m_trials.searches, most_rank(), weights);
            for (auto const k : m_ranks)
                list.push_back(ranks[static_cast<std::size_t>(k) - 1]);
            if (m_strangers > 0) {
                for (auto const& point : at_fpirs(m_trials.searches, m_fpirs, weights))
                    list.push_back(point.fnir);
            }
        }
        if (m_trials.are_misses_known) list.push_back(fta(weights));
        for (auto const& group : m_groups) {
            auto const point = at_threshold(group.scores, m_group_threshold, weights);
            list.push_back(point.fnmr);
            list.push_back(point.fmr);
        }
        return list;
    }

private:
    [[nodiscard]] std::size_t most_rank() const {
        return static_cast<std::size_t>(m_ranks.empty() ? 1 : *std::ranges::max_element(m_ranks));
    }
    [[nodiscard]] double accuracy(Weights weights) const {
        double right = 0, all = 0;
        for (std::size_t i = 0; i < m_trials.fold_trials.size(); ++i) {
            auto const& [trial, is_same, fold] = m_trials.fold_trials[i];
            auto const weight = is_same ? weights[trial.a] : weights[trial.a] * weights[trial.b];
            all += weight;
            if (m_folds->is_right[i]) right += weight;
        }
        return all > 0 ? right / all : nan_value();
    }
    [[nodiscard]] double fta(Weights weights) const {
        auto const sum = [&](std::vector<eval::Subject> const& subjects) {
            double total = 0;
            for (auto const subject : subjects)
                total += weights.empty() ? 1 : weights[subject];
            return total;
        };
        auto const all = sum(m_trials.sample_of);
        return all > 0 ? sum(m_trials.missed_of) / all : nan_value();
    }
    void add_verification(std::vector<Figure>& list) const {
        auto const genuine = m_scores.genuine().size();
        auto const genuine_people = count_subjects(m_scores.genuine());
        auto const points = at_fmrs(m_scores, m_fmrs);
        for (std::size_t i = 0; i < points.size(); ++i) {
            list.push_back({.metric = Metric::fnmr,
                            .at = m_fmrs[i],
                            .value = points[i].fnmr,
                            .interval = {},
                            .threshold = points[i].threshold,
                            .trials = genuine,
                            .people = genuine_people,
                            .limit_trials = m_scores.impostors().size()});
        }
        auto const crossing = equal_error(m_scores);
        list.push_back({.metric = Metric::eer,
                        .at = {},
                        .value = crossing.rate,
                        .interval = {},
                        .threshold = crossing.threshold,
                        .trials = std::min(genuine, m_scores.impostors().size()),
                        .people = std::min(genuine_people, count_subjects(m_scores.impostors())),
                        .limit_trials = 0});
        if (!m_folds) return;
        double threshold = 0;
        for (double const each : m_folds->thresholds)
            threshold += each / static_cast<double>(m_folds->thresholds.size());
        list.push_back({.metric = Metric::accuracy,
                        .at = {},
                        .value = m_folds->right.value,
                        .interval = {},
                        .threshold = threshold,
                        .trials = m_folds->right.trials,
                        .people = m_trials.people.size(),
                        .limit_trials = 0});
    }
    void add_identification(std::vector<Figure>& list) const {
        if (m_mated == 0) return;
        auto const mated_people = eval::count_mated_subjects(m_trials.searches);
        auto const ranks = eval::cmc(m_trials.searches, most_rank());
        for (auto const k : m_ranks) {
            list.push_back({.metric = Metric::rank,
                            .at = k,
                            .value = ranks[static_cast<std::size_t>(k) - 1],
                            .interval = {},
                            .threshold = {},
                            .trials = m_mated,
                            .people = mated_people,
                            .limit_trials = 0});
        }
        if (m_strangers == 0) return;
        auto const points = eval::at_fpirs(m_trials.searches, m_fpirs);
        for (std::size_t i = 0; i < points.size(); ++i) {
            list.push_back({.metric = Metric::fnir,
                            .at = m_fpirs[i],
                            .value = points[i].fnir,
                            .interval = {},
                            .threshold = points[i].threshold,
                            .trials = m_mated,
                            .people = mated_people,
                            .limit_trials = m_strangers});
        }
    }

    Trials const& m_trials;
    Scores m_scores;
    std::vector<double> m_fmrs, m_fpirs, m_ranks;
    std::optional<eval::FoldAccuracy> m_folds;
    std::size_t m_mated = 0, m_strangers = 0;
    double m_group_threshold = 0;
    std::vector<Group> m_groups;
};

/// Where no error was seen, no replicate shows one either: then the rule of 3 says how far the rate may be from nothing. People
/// are what is independent, so those who have such trials are counted, not the trials.
eval::Interval mended(eval::Interval interval, double value, bool is_error_rate, std::size_t people) {
    if (is_error_rate && value == 0) interval = {0, std::max(interval.high, eval::rule_of_three(people))};
    if (!is_error_rate && value == 1) interval = {std::min(interval.low, 1 - eval::rule_of_three(people)), 1};
    return interval;
}

std::vector<GroupFigures> group_figures(Figures const& figures, std::span<eval::Interval const> intervals) {
    std::vector<GroupFigures> list;
    std::size_t at = 0;
    for (auto const& group : figures.groups()) {
        auto const point = at_threshold(group.scores, figures.group_threshold());
        list.push_back({group.name, group.people, group.scores.genuine().size(), group.scores.impostors().size(), point.fnmr,
                        point.fmr, mended(intervals[at], point.fnmr, true, count_subjects(group.scores.genuine())),
                        mended(intervals[at + 1], point.fmr, true, count_subjects(group.scores.impostors()))});
        at += 2;
    }
    std::ranges::stable_sort(list, std::ranges::greater{}, &GroupFigures::fnmr);
    return list;
}

void judge_claims(Evaluation& evaluation, EvaluationPlan const& plan, bool is_strict) {
    for (auto const& claim : plan.claims) {
        auto const figure = std::ranges::find_if(evaluation.figures, [&](Figure const& candidate) {
            return candidate.metric == claim.metric && candidate.at == claim.at;
        });
        if (figure == evaluation.figures.end()) {
            auto const need = claim.metric == Metric::accuracy ? "a list of pairs"
                              : claim.metric == Metric::fta
                                  ? "photos (--pairs, or --gallery and --probes), for of those who are enrolled a face was found"
                                  : "a gallery with people to be found in it";
            evaluation.verdicts.emplace_back(
                claim, eval::Verdict{eval::Judgement::unsupported,
                                     fmt::format("{} cannot be measured here: it takes {}", claim.text, need)});
        } else {
            evaluation.verdicts.emplace_back(claim, judge(claim, *figure, is_strict));
        }
    }
}

void require_trials(Scores const& scores) {
    if (!scores.genuine().empty() && !scores.impostors().empty()) return;
    throw Error{Kind::data,
                fmt::format("nothing to measure: {} of the same person and {} of different people; it takes people "
                            "with two photos or more, and two people or more",
                            counted(scores.genuine().size(), "comparison", "comparisons"), scores.impostors().size())};
}

/// How many ids of the list are nobody's here. A list that fits nobody is the wrong one.
std::size_t unknown_in(std::map<std::string, std::string> const& groups, Trials const& trials) {
    std::set<std::string_view> const people{trials.people.begin(), trials.people.end()};
    auto const unknown =
        static_cast<std::size_t>(std::ranges::count_if(groups, [&](auto const& entry) { return !people.contains(entry.first); }));
    if (!groups.empty() && unknown == groups.size()) {
        throw Error{Kind::data, fmt::format("the list of groups names none of the people who are measured: '{}' and {} more are "
                                            "not among them; its ids are those of the photos' folders, or of the store",
                                            printable(groups.begin()->first), unknown - 1)};
    }
    return unknown;
}

}  // namespace

Evaluation evaluate(Trials const& trials, EvaluationPlan const& plan, bool is_strict) {
    auto const unknown_in_groups = unknown_in(plan.groups, trials);
    Figures const figures{trials, plan};
    require_trials(figures.scores());
    Evaluation result;
    result.figures = figures.measure();
    auto const count = result.figures.size() + 2 * figures.groups().size();
    auto const intervals = eval::bootstrap(
        trials.people.size(), count, [&](Weights weights) { return figures.values(weights); }, plan.bootstrap);
    for (std::size_t i = 0; i < result.figures.size(); ++i) {
        auto& figure = result.figures[i];
        figure.interval = mended(intervals[i], figure.value, figure.is_better_small(), figure.people);
    }
    result.groups = group_figures(figures, std::span{intervals}.subspan(result.figures.size()));
    result.group_threshold = figures.group_threshold();
    result.unknown_in_groups = unknown_in_groups;
    result.curve = eval::curve(figures.scores(), k_curve_points);
    result.histogram = eval::histogram(figures.scores(), k_histogram_bins);
    if (!trials.searches.empty())
        result.cmc = eval::cmc(trials.searches, std::min(k_most_ranks, std::max<std::size_t>(trials.enrolled, 1)));
    result.people = trials.people.size();
    result.samples = trials.samples;
    result.missed = trials.missed_of.size();
    result.genuine = figures.scores().genuine().size();
    result.impostors = figures.scores().impostors().size();
    result.impostor_pairs = trials.impostor_pairs;
    result.searches = trials.searches.size();
    result.strangers = figures.strangers();
    result.enrolled = trials.enrolled;
    judge_claims(result, plan, is_strict);
    return result;
}

std::map<std::string, std::string> read_groups(std::string_view text) {
    CsvReader reader{without_mark(text, "the list of groups")};
    auto const header = reader.next();
    std::optional<std::size_t> id, group;
    for (std::size_t i = 0; header && i < header->cells.size(); ++i) {
        auto const name = to_lower_ascii(trim(header->cells[i]));
        if (name == "id") id = i;
        if (name == "group") group = i;
    }
    if (!id || !group) throw Error{Kind::data, "line 1: the first line must name the columns id and group"};
    std::map<std::string, std::string> groups;
    while (auto const row = reader.next()) {
        if (!row->fault.empty()) throw Error{Kind::data, fmt::format("line {}: {}", row->line, row->fault)};
        auto const person = std::string{trim(row->cells.at(*id))};
        auto const name = std::string{trim(row->cells.at(*group))};
        if (person.empty() || name.empty())
            throw Error{Kind::data, fmt::format("line {}: an id or a group is missing", row->line)};
        if (auto const [found, is_new] = groups.emplace(person, name); !is_new && found->second != name)
            throw Error{Kind::data, fmt::format("line {}: '{}' is in two groups", row->line, printable(person))};
    }
    if (groups.empty()) throw Error{Kind::data, "the list of groups is empty"};
    return groups;
}

}  // namespace bioctl::app
