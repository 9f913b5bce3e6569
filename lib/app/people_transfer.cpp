#include "lib/app/people_transfer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace bioctl::app {

namespace {

std::string why_unusable(double value) {
    if (std::isnan(value)) return "holds NaN";
    if (std::isinf(value)) return "holds an infinite number";
    if (std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())) return "holds a number beyond float32";
    return {};
}

}  // namespace

Result<void> set_values(store::Template& row, std::span<double const> values, match::Precision precision, int dimensions) {
    if (values.size() != static_cast<std::size_t>(dimensions)) {
        return failure(Kind::data, fmt::format("has {} numbers; the active model wants {}", values.size(), dimensions));
    }
    std::vector<float> vector;
    vector.reserve(values.size());
    bool fits = true;
    for (double const value : values) {
        if (auto const why = why_unusable(value); !why.empty()) return failure(Kind::data, why);
        vector.push_back(static_cast<float>(value));
        fits = fits && static_cast<double>(vector.back()) == value;
    }
    // Judged after the rounding: 1e-300 is no zero in the file, but a zero in every comparison.
    if (std::ranges::all_of(vector, [](float v) { return v == 0; })) return failure(Kind::data, "is all zeros");
    row.vector = std::move(vector);
    row.exact = fits ? std::vector<double>{} : std::vector<double>{values.begin(), values.end()};
    row.double_precision = precision == match::Precision::float64;
    return {};
}

std::vector<double> values_of(store::Template const& row) {
    if (!row.exact.empty()) return row.exact;
    return {row.vector.begin(), row.vector.end()};
}

}  // namespace bioctl::app
