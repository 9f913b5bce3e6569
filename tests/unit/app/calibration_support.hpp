#pragma once
// People to calibrate with.

#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "lib/app/calibration.hpp"

namespace bioctl::test {

/// People whose photos scatter around a face of their own, as embeddings do. Some families resemble each other.
inline std::vector<app::Sample> population(std::size_t people, std::size_t photos, unsigned seed) {
    constexpr std::size_t k_dimensions = 24;
    std::mt19937 random{seed};
    std::normal_distribution<float> normal;
    std::vector<app::Sample> samples;
    for (std::size_t person = 0; person < people; ++person) {
        std::vector<float> face(k_dimensions);
        for (auto& x : face)
            x = normal(random);
        for (std::size_t i = 0; i < photos; ++i) {
            auto vector = face;
            for (auto& x : vector)
                x += .55F * normal(random);
            samples.push_back({.person = fmt::format("p{}", person), .vector = std::move(vector)});
        }
    }
    return samples;
}

inline app::Trials trials_of(std::vector<app::Sample> const& samples) {
    return app::trials_within(samples, app::measure_of(samples, match::Metric::unit, 1), 2);
}

inline app::CalibrationPlan quick_plan() {
    app::CalibrationPlan plan;
    plan.bootstrap.replicates = 300;
    return plan;
}

}  // namespace bioctl::test
