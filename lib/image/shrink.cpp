#include "lib/image/shrink.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "lib/base/error.hpp"

namespace bioctl::image {

namespace {

constexpr int k_channels = 3;

/// The pixels of a line that a pixel of the shrunk line covers, wholly or in part.
struct Span {
    int first;
    int count;
};

struct Spans {
    std::vector<Span> spans;
    std::vector<float> weights;  // of all of them, in order
};

double scale_of(int from, int to) {
    return 1 / (static_cast<double>(to) / from);
}

/// As OpenCV asks it: not of 49, for example.
bool is_whole_ratio(int from, int to) {
    double const scale = scale_of(from, to);
    return std::abs(scale - std::round(scale)) < std::numeric_limits<double>::epsilon();
}

/// All of one weight, which is worked in at the end.
Spans whole_spans(int from, int to) {
    int const count = from / to;
    Spans result{{}, std::vector<float>(static_cast<std::size_t>(from), 1.0F)};
    for (int i = 0; i < to; ++i)
        result.spans.push_back({i * count, count});
    return result;
}

/// Weights and their rounding are OpenCV's; parts below a thousandth are left out.
Spans spans_of(int from, int to) {
    constexpr double k_least_part = 1e-3;
    Spans result;
    double const scale = scale_of(from, to);
    for (int i = 0; i < to; ++i) {
        double const begin = i * scale;
        double const end = begin + scale;
        double const width = std::min(scale, from - begin);
        int const last_whole = std::min(static_cast<int>(std::floor(end)), from - 1);
        int const first_whole = std::min(static_cast<int>(std::ceil(begin)), last_whole);
        auto const before = result.weights.size();
        bool const has_left = first_whole - begin > k_least_part;
        if (has_left) result.weights.push_back(static_cast<float>((first_whole - begin) / width));
        for (int whole = first_whole; whole < last_whole; ++whole)
            result.weights.push_back(static_cast<float>(1 / width));
        if (end - last_whole > k_least_part)
            result.weights.push_back(static_cast<float>(std::min({end - last_whole, 1.0, width}) / width));
        result.spans.push_back({has_left ? first_whole - 1 : first_whole, static_cast<int>(result.weights.size() - before)});
    }
    return result;
}

/// B, G, R, and a fourth that does not matter.
using Pixel [[gnu::vector_size(16)]] = float;

// The one part of this that gains by wider registers.
#if defined(__x86_64__)
[[gnu::target_clones("avx2", "default")]]
#endif
void to_float(unsigned char const* from, std::size_t count, float* to) {
    for (std::size_t i = 0; i < count; ++i)
        to[i] = static_cast<float>(from[i]);
}

/// The rows of a picture, each shrunk to its pixels' sums across.
class Lines {
public:
    Lines(cv::Mat const& picture, Spans const& columns)
        : m_picture(picture),
          m_columns(columns),
          m_values(static_cast<std::size_t>(picture.cols) * k_channels),
          m_source((m_values + 1) * k_rows),
          m_lines(columns.spans.size() * k_rows) {}

    /// Rows are asked for from above to below, one perhaps twice. Valid until the next call.
    Pixel const* of(int row) {
        if (row >= m_first + k_rows) {
            m_first = row;
            for (int i = 0; i < std::min(k_rows, m_picture.rows - row); ++i)
                to_float(m_picture.ptr(row + i), m_values, &m_source[static_cast<std::size_t>(i) * (m_values + 1)]);
            shrink();
        }
        return &m_lines[static_cast<std::size_t>(row - m_first) * m_columns.spans.size()];
    }

private:
    // Of this many rows at a time the weights are read once, and sums need not wait for each other.
    static constexpr int k_rows = 4;

    void shrink() {
        auto const* weight = m_columns.weights.data();
        auto* to = m_lines.data();
        auto const width = m_columns.spans.size();
        for (auto const& span : m_columns.spans) {
            std::array<Pixel, k_rows> sums{};
            auto const* from = m_source.data() + static_cast<std::ptrdiff_t>(span.first) * k_channels;
            for (int i = 0; i < span.count; ++i, from += k_channels, ++weight) {
                for (std::size_t row = 0; row < k_rows; ++row) {
                    Pixel pixel;
                    std::memcpy(&pixel, from + row * (m_values + 1), sizeof pixel);
                    sums[row] += pixel * *weight;
                }
            }
            for (std::size_t row = 0; row < k_rows; ++row)
                to[row * width] = sums[row];
            ++to;
        }
    }

    cv::Mat const& m_picture;
    Spans const& m_columns;
    std::size_t m_values;         // of a row
    std::vector<float> m_source;  // k_rows rows and a value more of each, as the last pixel's fourth
    std::vector<Pixel> m_lines;
    int m_first = -k_rows;  // the row that m_lines begins with
};

void write(std::vector<Pixel> const& sums, float factor, unsigned char* to) {
    // Adding 1.5 * 2^23 leaves the nearest integer, of halves the even one, in the lowest bits.
    constexpr float k_rounder = 12582912.0F;
    for (auto const& sum : sums) {
        Pixel const rounded = sum * factor + k_rounder;
        std::array<std::uint32_t, 4> bits{};
        std::memcpy(bits.data(), &rounded, sizeof bits);
        for (std::size_t channel = 0; channel < k_channels; ++channel)
            *to++ = static_cast<unsigned char>(bits[channel]);
    }
}

}  // namespace

cv::Mat shrunk(cv::Mat const& picture, cv::Size size) {
    bool const fits = picture.type() == CV_8UC3 && size.width >= 1 && size.height >= 1 && size.width <= picture.cols &&
                      size.height <= picture.rows;
    if (!fits) throw Error{Kind::bug, "only BGR pictures can be shrunk, and only to smaller ones"};
    cv::Mat result{size, CV_8UC3};
    if (picture.size() == size * 2) {  // its own loops for this are faster still
        cv::resize(picture, result, size, 0, 0, cv::INTER_AREA);
        return result;
    }
    bool const is_whole = is_whole_ratio(picture.cols, size.width) && is_whole_ratio(picture.rows, size.height);
    auto const columns = is_whole ? whole_spans(picture.cols, size.width) : spans_of(picture.cols, size.width);
    auto const rows = is_whole ? whole_spans(picture.rows, size.height) : spans_of(picture.rows, size.height);
    float const factor = is_whole ? 1.0F / static_cast<float>(picture.size().area() / size.area()) : 1.0F;
    Lines lines{picture, columns};
    std::vector<Pixel> sums(columns.spans.size());
    auto const* weight = rows.weights.data();
    for (int y = 0; y < size.height; ++y) {
        auto const& span = rows.spans[static_cast<std::size_t>(y)];
        std::ranges::fill(sums, Pixel{});
        for (int row = span.first; row < span.first + span.count; ++row, ++weight) {
            auto const* const line = lines.of(row);
            for (std::size_t i = 0; i < sums.size(); ++i)
                sums[i] += line[i] * *weight;
        }
        write(sums, factor, result.ptr(y));
    }
    return result;
}

}  // namespace bioctl::image
