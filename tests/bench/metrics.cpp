#include "tests/bench/metrics.hpp"

#include <algorithm>
#include <cmath>

namespace bioctl::bench {

namespace {

constexpr double k_grid = 0.001;
constexpr int k_grid_steps = 1500;  // distances on the old services' scale stay below 1.5

bool is_right(Comparison const& comparison, double threshold) {
    bool const says_same = comparison.distance && *comparison.distance <= threshold;
    return says_same == comparison.same;
}

class Folds {
public:
    Folds(std::span<Comparison const> comparisons, std::size_t folds) : m_comparisons(comparisons), m_folds(folds) {}

    /// Right answers at a threshold inside (or outside of) one fold.
    [[nodiscard]] std::size_t right(double threshold, std::size_t fold, bool inside) const {
        std::size_t count = 0;
        for (std::size_t i = 0; i < m_comparisons.size(); ++i) {
            if ((fold_of(i) == fold) == inside && is_right(m_comparisons[i], threshold)) ++count;
        }
        return count;
    }

    [[nodiscard]] double best_threshold_without(std::size_t fold) const {
        std::size_t most = 0;
        std::vector<double> best;
        for (int step = 0; step <= k_grid_steps; ++step) {
            double const threshold = step * k_grid;
            auto const count = right(threshold, fold, false);
            if (count > most) best.clear();
            if (count >= most) best.push_back(threshold);
            most = std::max(most, count);
        }
        return best[best.size() / 2];
    }

private:
    [[nodiscard]] std::size_t fold_of(std::size_t i) const {
        auto const kind = m_comparisons.size() / 2;
        return (i % kind) / (kind / m_folds);
    }
    std::span<Comparison const> m_comparisons;
    std::size_t m_folds;
};

}  // namespace

Share accuracy_by_folds(std::span<Comparison const> comparisons, std::size_t folds) {
    Folds const by_fold{comparisons, folds};
    std::size_t right = 0;
    for (std::size_t fold = 0; fold < folds; ++fold)
        right += by_fold.right(by_fold.best_threshold_without(fold), fold, true);
    return share(right, comparisons.size());
}

TarAtFmr tar_at_fmr(std::span<Comparison const> genuine, std::span<float const> impostors, double fmr) {
    auto const allowed = static_cast<std::size_t>(fmr * static_cast<double>(impostors.size()));
    // Just below the first impostor that may not pass.
    double const threshold = std::nextafter(impostors[std::min(allowed, impostors.size() - 1)], 0.0F);
    auto const accepted = std::count_if(genuine.begin(), genuine.end(), [&](Comparison const& comparison) {
        return comparison.distance && *comparison.distance <= threshold;
    });
    return {fmr, threshold, share(static_cast<std::size_t>(accepted), genuine.size())};
}

}  // namespace bioctl::bench
