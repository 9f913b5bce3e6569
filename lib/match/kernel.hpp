#pragma once
// The arithmetic under distance() and Gallery, in one place so that both give the same figure to the last bit. Private to match/.

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace bioctl::match {

/// Writes from/|from| to `to` (same size). Zeros have no direction: all of `to` becomes NaN, which unit_distance() understands.
inline void to_unit_length(std::span<float const> from, std::span<float> to) {
    double squares = 0;
    for (float const x : from)
        squares += static_cast<double>(x) * static_cast<double>(x);
    double const factor = squares > 0 ? 1 / std::sqrt(squares) : std::numeric_limits<double>::quiet_NaN();
    for (std::size_t i = 0; i < from.size(); ++i)
        to[i] = static_cast<float>(from[i] * factor);
}

/// |a - b|^2 of two vectors of n floats. From the differences, not as 2 - 2ab: near zero that loses all digits, and equal vectors
/// must be at exactly 0. The lanes let the compiler vectorise without being allowed to reorder additions.
inline float squared_distance(float const* a, float const* b, std::size_t n) {
    constexpr std::size_t k_lanes = 16;
    std::array<float, k_lanes> sums{};
    std::size_t i = 0;
    for (; i + k_lanes <= n; i += k_lanes) {
        for (std::size_t k = 0; k < k_lanes; ++k) {
            float const difference = a[i + k] - b[i + k];
            sums[k] += difference * difference;
        }
    }
    for (std::size_t k = 0; i < n; ++i, ++k) {
        float const difference = a[i] - b[i];
        sums[k] += difference * difference;
    }
    for (std::size_t half = k_lanes / 2; half > 0; half /= 2) {
        for (std::size_t k = 0; k < half; ++k)
            sums[k] += sums[k + half];
    }
    return sums[0];
}

/// s * |u - v| from its square; a right angle when u or v has no direction.
inline float unit_distance(float square, float scale) {
    return scale * std::sqrt(std::isnan(square) ? 2.0F : square);
}

}  // namespace bioctl::match
