#include "lib/eval/verification.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bioctl::eval {

namespace {

double weight_of(Trial const& trial, Weights weights) {
    if (weights.empty()) return 1;
    return trial.a == trial.b ? weights[trial.a] : weights[trial.a] * weights[trial.b];
}

double total_of(std::vector<Trial> const& trials, Weights weights) {
    if (weights.empty()) return static_cast<double>(trials.size());
    double total = 0;
    for (auto const& trial : trials)
        total += weight_of(trial, weights);
    return total;
}

std::size_t count_up_to(std::vector<Trial> const& trials, double threshold) {
    auto const end =
        std::ranges::upper_bound(trials, threshold, {}, [](Trial const& trial) { return static_cast<double>(trial.distance); });
    return static_cast<std::size_t>(end - trials.begin());
}

double weight_up_to(std::vector<Trial> const& trials, double threshold, Weights weights) {
    auto const count = count_up_to(trials, threshold);
    if (weights.empty()) return static_cast<double>(count);
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i)
        sum += weight_of(trials[i], weights);
    return sum;
}

/// Of everybody a rate without trials is 0; of a replicate without trials nobody knows.
double ratio(double part, double whole, Weights weights) {
    if (whole > 0) return part / whole;
    return weights.empty() ? 0 : std::numeric_limits<double>::quiet_NaN();
}

/// FMR and FNMR along rising thresholds, which only move forward.
class Sweep {
public:
    Sweep(Scores const& scores, Weights weights)
        : m_scores(scores),
          m_weights(weights),
          m_genuine_total(total_of(scores.genuine(), weights)),
          m_impostor_total(total_of(scores.impostors(), weights)) {}

    OperatingPoint move_to(float threshold) {
        advance(m_scores.genuine(), m_genuine, m_genuine_sum, threshold);
        advance(m_scores.impostors(), m_impostor, m_impostor_sum, threshold);
        return here(threshold);
    }
    /// The next distance that occurs, none at the end.
    [[nodiscard]] float next() const {
        float nearest = k_not_compared;
        if (m_genuine < m_scores.genuine().size()) nearest = m_scores.genuine()[m_genuine].distance;
        if (m_impostor < m_scores.impostors().size()) nearest = std::min(nearest, m_scores.impostors()[m_impostor].distance);
        return nearest;
    }
    [[nodiscard]] bool has_both() const { return m_genuine_total > 0 && m_impostor_total > 0; }

private:
    void advance(std::vector<Trial> const& trials, std::size_t& at, double& sum, float threshold) const {
        for (; at < trials.size() && trials[at].distance <= threshold; ++at)
            sum += weight_of(trials[at], m_weights);
    }
    [[nodiscard]] OperatingPoint here(float threshold) const {
        return {static_cast<double>(threshold), ratio(m_impostor_sum, m_impostor_total, m_weights),
                ratio(m_genuine_total - m_genuine_sum, m_genuine_total, m_weights)};
    }

    Scores const& m_scores;
    Weights m_weights;
    double m_genuine_total, m_impostor_total;
    std::size_t m_genuine = 0, m_impostor = 0;
    double m_genuine_sum = 0, m_impostor_sum = 0;
};

/// Just below the first impostor that may not pass.
double threshold_below(std::vector<Trial> const& impostors, std::size_t index) {
    return static_cast<double>(std::nextafter(impostors[index].distance, -1.0F));
}

}  // namespace

Scores::Scores(std::vector<Trial> genuine, std::vector<Trial> impostors, std::size_t subjects)
    : m_genuine(std::move(genuine)), m_impostors(std::move(impostors)), m_subjects(subjects) {
    std::erase_if(m_impostors, [](Trial const& trial) { return trial.distance == k_not_compared; });
    std::ranges::stable_sort(m_genuine, {}, &Trial::distance);
    std::ranges::stable_sort(m_impostors, {}, &Trial::distance);
}

std::size_t count_subjects(std::span<Trial const> trials) {
    std::vector<bool> is_there;
    for (auto const& trial : trials) {
        is_there.resize(std::max({is_there.size(), std::size_t{trial.a} + 1, std::size_t{trial.b} + 1}));
        is_there[trial.a] = is_there[trial.b] = true;
    }
    return static_cast<std::size_t>(std::ranges::count(is_there, true));
}

OperatingPoint at_threshold(Scores const& scores, double threshold, Weights weights) {
    auto const genuine = total_of(scores.genuine(), weights);
    auto const impostors = total_of(scores.impostors(), weights);
    return {threshold, ratio(weight_up_to(scores.impostors(), threshold, weights), impostors, weights),
            ratio(genuine - weight_up_to(scores.genuine(), threshold, weights), genuine, weights)};
}

std::vector<OperatingPoint> at_fmrs(Scores const& scores, std::span<double const> fmrs, Weights weights) {
    auto const& impostors = scores.impostors();
    auto const total = total_of(impostors, weights);
    auto const genuine = total_of(scores.genuine(), weights);
    std::vector<std::size_t> order(fmrs.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::sort(order, {}, [&](std::size_t i) { return fmrs[i]; });

    std::vector<OperatingPoint> points(fmrs.size());
    std::size_t at = 0;
    double passed = 0;  // weight of impostors before `at`
    for (auto const i : order) {
        auto const allowed = std::floor(fmrs[i] * total);
        while (at < impostors.size() && passed + weight_of(impostors[at], weights) <= allowed)
            passed += weight_of(impostors[at++], weights);
        auto& point = points[i];
        if (impostors.empty()) {
            point.threshold = std::numeric_limits<double>::infinity();
        } else {
            point.threshold = threshold_below(impostors, std::min(at, impostors.size() - 1));
            point.fmr = ratio(weight_up_to(impostors, point.threshold, weights), total, weights);
        }
        // A miss at an infinite threshold is still a miss.
        auto const reach = std::min(point.threshold, static_cast<double>(std::numeric_limits<float>::max()));
        point.fnmr = ratio(genuine - weight_up_to(scores.genuine(), reach, weights), genuine, weights);
        // Nobody was drawn who could set the threshold.
        if (!weights.empty() && !(total > 0)) point.fnmr = std::numeric_limits<double>::quiet_NaN();
    }
    return points;
}

EqualError equal_error(Scores const& scores, Weights weights) {
    Sweep sweep{scores, weights};
    constexpr double k_unknown = std::numeric_limits<double>::quiet_NaN();
    if (!sweep.has_both()) return weights.empty() ? EqualError{} : EqualError{k_unknown, k_unknown};
    OperatingPoint before{0, 0, 1};  // FMR <= FNMR
    for (;;) {
        auto const next = sweep.next();
        // All that could be compared was accepted, and still more is missed than wrongly matched.
        if (next == k_not_compared) return {(before.fmr + before.fnmr) / 2, before.threshold};
        auto const point = sweep.move_to(next);
        if (point.fmr < point.fnmr) {
            before = point;
            continue;
        }
        auto const& better = before.fmr + before.fnmr <= point.fmr + point.fnmr ? before : point;
        return {(better.fmr + better.fnmr) / 2, better.threshold};
    }
}

std::vector<OperatingPoint> curve(Scores const& scores, std::size_t points) {
    auto const& impostors = scores.impostors();
    if (impostors.empty() || scores.genuine().empty() || points < 2) return {};
    std::vector<float> thresholds;
    // Impostors 0, 1, 2, 4, ... and evenly on a logarithmic scale between, then genuine ones beyond for the other end.
    auto const steps = points / 2;
    auto const growth = std::pow(static_cast<double>(impostors.size()), 1.0 / static_cast<double>(steps));
    for (double at = 1; at < static_cast<double>(impostors.size()) * growth; at *= growth) {
        auto const index = std::min(static_cast<std::size_t>(at) - 1, impostors.size() - 1);
        thresholds.push_back(impostors[index].distance);
    }
    auto const& genuine = scores.genuine();
    for (std::size_t i = 0; i < steps; ++i) {
        auto const distance = genuine[i * (genuine.size() - 1) / std::max<std::size_t>(steps - 1, 1)].distance;
        if (distance != k_not_compared) thresholds.push_back(distance);
    }
    std::ranges::sort(thresholds);
    thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
    Sweep sweep{scores, {}};
    std::vector<OperatingPoint> line;
    for (auto const threshold : thresholds)
        line.push_back(sweep.move_to(threshold));
    return line;
}

Histogram histogram(Scores const& scores, std::size_t bins) {
    Histogram result{0, std::vector<std::size_t>(bins), std::vector<std::size_t>(bins)};
    for (auto const* trials : {&scores.genuine(), &scores.impostors()}) {
        for (auto const& trial : *trials) {
            if (trial.distance != k_not_compared) result.end = std::max(result.end, static_cast<double>(trial.distance));
        }
    }
    if (result.end <= 0 || bins == 0) return result;
    auto const count = [&](std::vector<Trial> const& trials, std::vector<std::size_t>& into) {
        for (auto const& trial : trials) {
            if (trial.distance == k_not_compared) continue;
            auto const bin =
                static_cast<std::size_t>(static_cast<double>(trial.distance) / result.end * static_cast<double>(bins));
            ++into[std::min(bin, bins - 1)];
        }
    };
    count(scores.genuine(), result.genuine);
    count(scores.impostors(), result.impostors);
    return result;
}

}  // namespace bioctl::eval
