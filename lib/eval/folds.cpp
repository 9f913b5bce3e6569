#include "lib/eval/folds.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "lib/base/error.hpp"

namespace bioctl::eval {

namespace {

constexpr double k_step = 0.001;

/// The first step of the grid at which the distance counts as "same".
std::size_t step_of(float distance) {
    auto const d = static_cast<double>(distance);
    auto step = static_cast<std::size_t>(std::max(0.0, std::floor(d / k_step)));
    while (step > 0 && d <= static_cast<double>(step - 1) * k_step)
        --step;
    while (d > static_cast<double>(step) * k_step)
        ++step;
    return step;
}

/// For each fold and step: how many more are right at this step than at the one before.
class Gains {
public:
    Gains(std::span<FoldTrial const> trials, std::size_t folds) : m_wrong_at_zero(folds), m_trials(folds) {
        float farthest = 0;
        for (auto const& each : trials) {
            if (each.trial.distance != k_not_compared) farthest = std::max(farthest, each.trial.distance);
        }
        m_steps = step_of(farthest) + 1;
        m_gains.assign(folds, std::vector<long>(m_steps));
        for (auto const& each : trials) {
            ++m_trials.at(each.fold);
            if (each.is_same) ++m_wrong_at_zero[each.fold];
            if (each.trial.distance != k_not_compared) m_gains[each.fold][step_of(each.trial.distance)] += each.is_same ? 1 : -1;
        }
    }

    [[nodiscard]] double best_threshold_without(std::size_t fold) const {
        long right = 0;
        for (std::size_t other = 0; other < m_trials.size(); ++other) {
            if (other != fold) right += m_trials[other] - m_wrong_at_zero[other];
        }
        long most = -1;
        std::vector<std::size_t> best;
        for (std::size_t step = 0; step < m_steps; ++step) {
            for (std::size_t other = 0; other < m_trials.size(); ++other) {
                if (other != fold) right += m_gains[other][step];
            }
            if (right > most) best.clear();
            if (right >= most) best.push_back(step);
            most = std::max(most, right);
        }
        return static_cast<double>(best[best.size() / 2]) * k_step;
    }

    void require_trials() const {
        if (m_trials.size() < 2) throw Error{Kind::data, "accuracy by folds takes at least two folds"};
        if (auto const empty = std::ranges::find(m_trials, 0); empty != m_trials.end()) {
            throw Error{Kind::data, fmt::format("fold {} of {} has no comparison; use fewer folds or more pairs",
                                                empty - m_trials.begin() + 1, m_trials.size())};
        }
    }

private:
    std::size_t m_steps = 0;
    std::vector<long> m_wrong_at_zero;  // same pairs: none is accepted below the first step
    std::vector<long> m_trials;
    std::vector<std::vector<long>> m_gains;
};

}  // namespace

FoldAccuracy accuracy_by_folds(std::span<FoldTrial const> trials, std::size_t folds) {
    Gains const gains{trials, folds};
    gains.require_trials();
    FoldAccuracy result;
    for (std::size_t fold = 0; fold < folds; ++fold)
        result.thresholds.push_back(gains.best_threshold_without(fold));
    std::size_t right = 0;
    for (auto const& each : trials) {
        bool const says_same = static_cast<double>(each.trial.distance) <= result.thresholds[each.fold];
        result.is_right.push_back(says_same == each.is_same);
        if (says_same == each.is_same) ++right;
    }
    result.right = share(right, trials.size());
    return result;
}

}  // namespace bioctl::eval
