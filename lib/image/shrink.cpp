#include "lib/image/shrink.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif
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

/// Weights and their rounding are OpenCV's; parts below a thousandth are left out.
Spans spans_of(int from, int to) {
    constexpr double k_least_part = 1e-3;
    Spans result;
    double const scale = 1 / (static_cast<double>(to) / from);
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

// Of this many rows at a time the weights are read once, and sums need not wait for each other.
constexpr std::size_t k_rows = 4;

using Rows = std::array<unsigned char const*, k_rows>;

/// rows   after the last pixel of each follows one byte more
/// sums   of each span those of all rows
using Across = void (*)(Spans const& columns, Rows const& rows, Pixel* sums);

void across_portable(Spans const& columns, Rows const& rows, Pixel* sums) {
    auto const* weight = columns.weights.data();
    for (auto const& span : columns.spans) {
        std::array<Pixel, k_rows> sum{};
        auto from = static_cast<std::ptrdiff_t>(span.first) * k_channels;
        for (int i = 0; i < span.count; ++i, from += k_channels, ++weight) {
            for (std::size_t row = 0; row < k_rows; ++row) {
                auto const* const at = rows[row] + from;
                sum[row] += Pixel{static_cast<float>(at[0]), static_cast<float>(at[1]), static_cast<float>(at[2]), 0} * *weight;
            }
        }
        sums = std::ranges::copy(sum, sums).out;
    }
}

#if defined(__x86_64__)
[[gnu::target("avx2"), gnu::always_inline]] inline __m256 two_pixels(unsigned char const* a, unsigned char const* b) {
    auto const bytes = _mm_unpacklo_epi32(_mm_loadu_si32(a), _mm_loadu_si32(b));
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes));
}

// Without FMA, which rounds otherwise.
[[gnu::target("avx2")]] void across_avx2(Spans const& columns, Rows const& rows, Pixel* sums) {
    auto const* weight = columns.weights.data();
    auto* to = reinterpret_cast<float*>(sums);
    for (auto const& span : columns.spans) {
        auto above = _mm256_setzero_ps();
        auto below = above;
        auto from = static_cast<std::ptrdiff_t>(span.first) * k_channels;
        for (int i = 0; i < span.count; ++i, from += k_channels, ++weight) {
            auto const weights = _mm256_broadcast_ss(weight);
            above = _mm256_add_ps(above, _mm256_mul_ps(two_pixels(rows[0] + from, rows[1] + from), weights));
            below = _mm256_add_ps(below, _mm256_mul_ps(two_pixels(rows[2] + from, rows[3] + from), weights));
        }
        _mm256_storeu_ps(to, above);
        _mm256_storeu_ps(to + 8, below);
        to += 16;
    }
}
#endif

Across across() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return across_avx2;
#endif
    return across_portable;
}

/// The rows of a picture, each shrunk to its pixels' sums across.
class Lines {
public:
    Lines(cv::Mat const& picture, Spans const& columns)
        : m_picture(picture), m_columns(columns), m_sums(columns.spans.size() * k_rows) {
        auto const* const last = picture.ptr(picture.rows - 1);
        m_last_row.assign(last, last + static_cast<std::ptrdiff_t>(picture.cols) * k_channels);
        m_last_row.push_back(0);
    }

    /// Rows are asked for from above to below, one perhaps twice. Every k_rows-th is the row's, until the next call.
    Pixel const* of(int row) {
        constexpr int k_count = k_rows;
        if (row >= m_first + k_count) {
            m_first = row;
            Rows rows{};
            for (int i = 0; i < k_count; ++i)
                rows[static_cast<std::size_t>(i)] = row + i < m_picture.rows - 1 ? m_picture.ptr(row + i) : m_last_row.data();
            m_across(m_columns, rows, m_sums.data());
        }
        return &m_sums[static_cast<std::size_t>(row - m_first)];
    }

private:
    Across m_across = across();
    cv::Mat const& m_picture;
    Spans const& m_columns;
    std::vector<unsigned char> m_last_row;  // with a byte that the picture may not have
    std::vector<Pixel> m_sums;
    int m_first = -static_cast<int>(k_rows);  // the row that m_sums begins with
};

void write(std::vector<Pixel> const& sums, unsigned char* to) {
    // Adding 1.5 * 2^23 leaves the nearest integer, of halves the even one, in the lowest bits.
    constexpr float k_rounder = 12582912.0F;
    for (auto const& sum : sums) {
        Pixel const rounded = sum + k_rounder;
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
    if (picture.cols % size.width == 0 && picture.rows % size.height == 0) {  // it has loops of integers for this
        cv::resize(picture, result, size, 0, 0, cv::INTER_AREA);
        return result;
    }
    auto const columns = spans_of(picture.cols, size.width);
    auto const rows = spans_of(picture.rows, size.height);
    Lines lines{picture, columns};
    std::vector<Pixel> sums(columns.spans.size());
    auto const* weight = rows.weights.data();
    for (int y = 0; y < size.height; ++y) {
        auto const& span = rows.spans[static_cast<std::size_t>(y)];
        std::ranges::fill(sums, Pixel{});
        for (int row = span.first; row < span.first + span.count; ++row, ++weight) {
            auto const* const line = lines.of(row);
            for (std::size_t i = 0; i < sums.size(); ++i)
                sums[i] += line[i * k_rows] * *weight;
        }
        write(sums, result.ptr(y));
    }
    return result;
}

}  // namespace bioctl::image
