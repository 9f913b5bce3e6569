#include "lib/app/similarity_map.hpp"

#include <algorithm>
#include <cmath>

namespace bioctl::app {

namespace {

using Vector = std::vector<double>;

double dot(Vector const& a, Vector const& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return sum;
}

/// Unit vectors, less their mean.
std::vector<Vector> centred(std::span<std::vector<float> const* const> vectors) {
    std::vector<Vector> rows;
    Vector mean(vectors.front()->size());
    for (auto const* vector : vectors) {
        Vector row(vector->begin(), vector->end());
        auto const length = std::sqrt(dot(row, row));
        for (std::size_t i = 0; i < row.size(); ++i) {
            row[i] = length > 0 ? row[i] / length : 0;
            mean[i] += row[i] / static_cast<double>(vectors.size());
        }
        rows.push_back(std::move(row));
    }
    for (auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            row[i] -= mean[i];
    }
    return rows;
}

/// Power iteration; each component is taken out of what the next one sees.
std::vector<double> component(std::vector<Vector>& rows) {
    constexpr int k_rounds = 60;
    auto const size = rows.front().size();
    Vector axis(size);
    for (std::size_t i = 0; i < size; ++i)
        axis[i] = 1 + static_cast<double>(i % 7);
    for (int round = 0; round < k_rounds; ++round) {
        Vector next(size);
        for (auto const& row : rows) {
            auto const weight = dot(row, axis);
            for (std::size_t i = 0; i < size; ++i)
                next[i] += weight * row[i];
        }
        auto const length = std::sqrt(dot(next, next));
        if (length < 1e-12) break;
        for (std::size_t i = 0; i < size; ++i)
            axis[i] = next[i] / length;
    }
    auto const length = dot(axis, axis);
    std::vector<double> places;
    for (auto& row : rows) {
        auto const place = dot(row, axis) / length;
        places.push_back(place);
        for (std::size_t i = 0; i < size; ++i)
            row[i] -= place * axis[i];
    }
    return places;
}

}  // namespace

std::vector<std::array<double, 2>> similarity_map(std::span<std::vector<float> const* const> vectors) {
    std::vector<std::array<double, 2>> places(vectors.size(), {.5, .5});
    if (vectors.empty() || vectors.front()->empty()) return places;
    auto rows = centred(vectors);
    for (std::size_t axis = 0; axis < 2; ++axis) {
        auto const values = component(rows);
        auto const [low, high] = std::ranges::minmax(values);
        if (high - low < 1e-9) continue;
        for (std::size_t i = 0; i < values.size(); ++i)
            places[i].at(axis) = (values[i] - low) / (high - low);
    }
    return places;
}

}  // namespace bioctl::app
