#pragma once
// What passes between the first layers of a network: pixels of several channels, with room around them.

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <opencv2/core/types.hpp>

namespace bioctl::face {

/// (height + 2 border) x (width + 2 border) x channels; the border is zero. Grows and never shrinks.
class FeatureMap {
public:
    void reshape(cv::Size size, int channels, int border) {
        m_size = size;
        m_channels = static_cast<std::size_t>(channels);
        m_border = static_cast<std::size_t>(border);
        m_values.resize(std::max(m_values.size(), elements()));
        if (border > 0) clear_border();
    }

    [[nodiscard]] cv::Size size() const { return m_size; }
    /// The first pixel within the border.
    [[nodiscard]] float* row(int y) { return m_values.data() + offset(y); }
    /// -border <= y < height + border
    [[nodiscard]] float const* row(int y) const { return m_values.data() + offset(y); }
    [[nodiscard]] std::span<float const> values() const { return {m_values.data(), elements()}; }

private:
    [[nodiscard]] std::size_t stride() const { return (static_cast<std::size_t>(m_size.width) + 2 * m_border) * m_channels; }
    [[nodiscard]] std::size_t elements() const { return (static_cast<std::size_t>(m_size.height) + 2 * m_border) * stride(); }
    [[nodiscard]] std::size_t offset(int y) const {
        return static_cast<std::size_t>(y + static_cast<int>(m_border)) * stride() + m_border * m_channels;
    }

    void clear_border() {
        auto const side = m_border * m_channels;
        auto* const begin = m_values.data();
        auto* const end = begin + elements();
        std::fill(begin, begin + m_border * stride(), 0.0F);
        std::fill(end - m_border * stride(), end, 0.0F);
        for (auto* line = begin; line != end; line += stride()) {
            std::fill(line, line + side, 0.0F);
            std::fill(line + stride() - side, line + stride(), 0.0F);
        }
    }

    cv::Size m_size;
    std::size_t m_channels = 0, m_border = 0;
    std::vector<float> m_values;
};

}  // namespace bioctl::face
