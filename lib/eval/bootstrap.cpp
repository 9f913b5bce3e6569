#include "lib/eval/bootstrap.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <random>
#include <thread>

namespace bioctl::eval {

namespace {

constexpr double k_tail = 0.025;

/// Sorted values; between two of them, the nearer one.
double percentile(std::vector<double> const& values, double share) {
    auto const at = share * static_cast<double>(values.size() - 1);
    return values[static_cast<std::size_t>(std::lround(at))];
}

}  // namespace

std::vector<double> draw_subjects(std::size_t subjects, std::size_t draws, std::uint64_t seed) {
    std::mt19937_64 random{seed};
    std::vector<double> weights(subjects);
    for (std::size_t i = 0; i < draws; ++i) {
        // Our own reduction to a range: that of the standard library may differ elsewhere.
        constexpr double k_to_unit = 1.0 / 9007199254740992.0;  // 2^-53
        auto const fraction = static_cast<double>(random() >> 11U) * k_to_unit;
        weights[static_cast<std::size_t>(fraction * static_cast<double>(subjects))] += 1;
    }
    return weights;
}

Interval middle_of(std::vector<double> values) {
    std::erase_if(values, [](double value) { return std::isnan(value); });
    if (values.empty()) return {0, 1};
    std::ranges::sort(values);
    return {percentile(values, k_tail), percentile(values, 1 - k_tail)};
}

std::vector<Interval> bootstrap(std::size_t subjects, std::size_t figures, Statistics const& statistics,
                                BootstrapPlan const& plan) {
    std::vector<std::vector<double>> replicates(plan.replicates);
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::exception_ptr error;
    auto const work = [&] {
        try {
            for (std::size_t i = next++; i < plan.replicates; i = next++) {
                // Far apart, so that no two runs share a replicate.
                auto const weights = draw_subjects(subjects, subjects, plan.seed * 0x9E3779B97F4A7C15U + i);
                replicates[i] = statistics(weights);
            }
        } catch (...) {
            std::scoped_lock const lock{mutex};
            if (!error) error = std::current_exception();
            next = plan.replicates;
        }
    };
    {
        std::vector<std::jthread> others;
        for (int i = 1; i < plan.jobs; ++i)
            others.emplace_back(work);
        work();
    }
    if (error) std::rethrow_exception(error);
    std::vector<Interval> intervals;
    for (std::size_t figure = 0; figure < figures; ++figure) {
        std::vector<double> values;
        for (auto const& replicate : replicates)
            values.push_back(replicate.at(figure));
        intervals.push_back(middle_of(std::move(values)));
    }
    return intervals;
}

}  // namespace bioctl::eval
