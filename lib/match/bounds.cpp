#include "lib/match/bounds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace bioctl::match {

namespace {

constexpr float k_infinity = std::numeric_limits<float>::infinity();
// Doubles lose n 2^-53 at most; rounding to a float 2^-24.
constexpr double k_up = 1 + 1e-6;

float rounded_up(double x) {
    return static_cast<float>(x * k_up);
}

/// NaN if one of them is: such rows and probes have no direction.
float largest(std::span<float const> vector) {
    float most = 0;
    for (float const x : vector) {
        if (std::isnan(x)) return x;
        most = std::max(most, std::abs(x));
    }
    return most;
}

bool is_in_range(float most) {
    return most == 0 || (most >= k_least && most <= k_most);
}

/// Which way halves go does not matter: the error is measured afterwards. The result is within +- most, for |x| <= most * scale,
/// but for the rounding of the scale.
int whole(float x, float inverse, int most) {
    float const scaled = x * inverse;
    return std::clamp(static_cast<int>(scaled + std::copysign(.5F, scaled)), -most, most);
}

struct Squares {
    double row = 0, error = 0;
};

void pack_row(float const* row, std::size_t n, std::size_t r, float scale, std::span<Line> lines, Squares& squares) {
    float const inverse = scale > 0 ? 1 / scale : 0;
    for (std::size_t i = 0; i < n; ++i) {
        int const q = whole(row[i], inverse, k_most_of_row);
        lines[i / k_line_dimensions].bytes[r * k_line_dimensions + i % k_line_dimensions] =
            static_cast<std::uint8_t>(q + k_row_bias);
        double const x = row[i];
        double const difference = x - static_cast<double>(scale) * q;
        squares.row += x * x;
        squares.error += difference * difference;
    }
}

}  // namespace

GroupBound pack_group(float const* rows, std::size_t n, std::span<Line> lines, std::span<float, k_group_rows> least) {
    for (auto& line : lines)
        line.bytes.fill(k_row_bias);
    std::array<float, k_group_rows> most;
    float most_of_all = 0;
    for (std::size_t r = 0; r < k_group_rows; ++r) {
        most[r] = largest({rows + r * n, n});
        if (!std::isnan(most[r])) most_of_all = std::max(most_of_all, most[r]);
    }
    std::fill(least.begin(), least.end(), -k_infinity);
    GroupBound bound;
    if (!is_in_range(most_of_all)) return bound;
    bound.scale = most_of_all / k_most_of_row;
    for (std::size_t r = 0; r < k_group_rows; ++r) {
        if (std::isnan(most[r])) continue;
        Squares squares;
        pack_row(rows + r * n, n, r, bound.scale, lines, squares);
        bound.error = std::max(bound.error, rounded_up(std::sqrt(squares.error)));
        bound.norm = std::max(bound.norm, rounded_up(std::sqrt(squares.row)));
        least[r] = static_cast<float>(squares.row / 2);
    }
    return bound;
}

ProbeBytes::ProbeBytes(std::span<float const> probe)
    : m_bytes(lines_of(probe.size()) * k_line_dimensions), m_dimensions(probe.size()) {
    float const most = largest(probe);
    m_is_usable = most > 0 && is_in_range(most);  // false of NaN, too
    if (!m_is_usable) return;
    m_scale = most / k_most_of_probe;
    double error = 0;
    double packed = 0;
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < probe.size(); ++i) {
        int const r = whole(probe[i], 1 / m_scale, k_most_of_probe);
        m_bytes[i] = static_cast<std::int8_t>(r);
        sum += r;
        double const x = probe[i];
        double const held = static_cast<double>(m_scale) * r;
        m_square += x * x;
        packed += held * held;
        error += (x - held) * (x - held);
    }
    m_offset = -k_row_bias * sum;
    m_error = rounded_up(std::sqrt(error));
    m_norm = rounded_up(std::sqrt(m_square));
    m_packed_norm = rounded_up(std::sqrt(packed));
}

void ProbeBytes::bound(std::span<GroupBound const> groups, float limit, float* factors, float* constants) const {
    double const growth = k_slack + static_cast<double>(m_dimensions) * 0x1p-22;
    // In doubles and rounded once: T and |p|^2 may all but cancel.
    auto const constant = static_cast<float>((static_cast<double>(limit) * (1 + growth) - m_square) / 2);
    constexpr auto k_float_slack = static_cast<float>(k_slack);
    for (std::size_t g = 0; g < groups.size(); ++g) {
        auto const& group = groups[g];
        float const reach = group.norm + m_norm;
        factors[g] = group.scale * m_scale;
        constants[g] = constant + group.error * m_packed_norm + group.norm * m_error + k_float_slack * reach * reach;
    }
}

}  // namespace bioctl::match
