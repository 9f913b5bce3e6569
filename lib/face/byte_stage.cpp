#include "lib/face/byte_stage.hpp"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "lib/base/error.hpp"
#include "lib/base/vector_path.hpp"
#include "lib/face/first_stage.hpp"
#include "lib/face/lanes.hpp"

namespace bioctl::face {

namespace {

constexpr std::size_t k_colours = 3;
constexpr std::size_t k_window = k_kernel * k_colours;  // bytes of a row
constexpr int k_signed = 128;

using Rows = std::array<unsigned char const*, k_kernel + 1>;

#if defined(__x86_64__)

[[gnu::target("avx512f"), gnu::always_inline]] inline __m512i four_bytes(unsigned char const* from) {
    int bytes = 0;
    std::memcpy(&bytes, from, sizeof bytes);
    return _mm512_set1_epi32(bytes);
}

/// What is missing where the weights are less than they should be: sum * lack. The second of each two numbers does not count.
[[gnu::target("avx512f,avx512vnni"), gnu::always_inline]] inline __m512i rest_of(std::uint16_t const* sum, __m512i lack) {
    int two = 0;
    std::memcpy(&two, sum, sizeof two);
    return _mm512_dpwssd_epi32(_mm512_setzero_si512(), _mm512_set1_epi32(two), lack);
}

/// One row of the result. The largest of the four sums under a maximum is found before scale, bias and ReLU, which keep the
/// order.
[[gnu::target("avx512f,avx512bw,avx512vnni")]] void row_of(ByteStage::Taps const& taps, Rows const& rows,
                                                           std::uint16_t const* upper_sums, std::uint16_t const* lower_sums,
                                                           int columns, float* result) {
    auto const lack = _mm512_set1_epi32(static_cast<std::uint16_t>(taps.lack));
    auto const scale = _mm512_load_ps(taps.scale.data());
    auto const bias = _mm512_load_ps(taps.bias.data());
    auto const leak = _mm512_set1_ps(k_leak);
    for (int column = 0; column < columns; ++column, result += ByteStage::k_channels) {
        auto const first = static_cast<std::size_t>(column) * 2 * k_colours;
        auto const second = first + k_colours;
        auto a = rest_of(upper_sums + first, lack);
        auto b = rest_of(upper_sums + second, lack);
        auto c = rest_of(lower_sums + first, lack);
        auto d = rest_of(lower_sums + second, lack);
#pragma GCC unroll 3
        for (std::size_t y = 0; y < k_kernel; ++y) {
#pragma GCC unroll 3
            for (std::size_t group = 0; group < k_kernel; ++group) {
                auto const weights = _mm512_load_si512(taps.weights[y * k_kernel + group].data());
                auto const at = ByteStage::Taps::k_groups[group];
                a = _mm512_dpbusd_epi32(a, four_bytes(rows[y] + first + at), weights);
                b = _mm512_dpbusd_epi32(b, four_bytes(rows[y] + second + at), weights);
                c = _mm512_dpbusd_epi32(c, four_bytes(rows[y + 1] + first + at), weights);
                d = _mm512_dpbusd_epi32(d, four_bytes(rows[y + 1] + second + at), weights);
            }
        }
        auto const largest = _mm512_max_epi32(_mm512_max_epi32(a, b), _mm512_max_epi32(c, d));
        auto const value = _mm512_fmadd_ps(_mm512_cvtepi32_ps(largest), scale, bias);
        _mm512_storeu_ps(result, _mm512_max_ps(value, _mm512_mul_ps(value, leak)));
    }
}

[[gnu::target("avx512f,avx512bw,prefer-vector-width=512")]] void sum_nines(unsigned char const* row, std::size_t count,
                                                                           std::uint16_t* to) {
    for (std::size_t i = 0; i < count; ++i) {
        unsigned sum = 0;
        for (std::size_t byte = 0; byte < k_window; ++byte)
            sum += row[i + byte];
        to[i] = static_cast<std::uint16_t>(sum);
    }
}

[[gnu::target("avx512f,avx512bw,prefer-vector-width=512")]] void add_up(std::array<std::uint16_t const*, k_kernel> const& nines,
                                                                        std::size_t count, std::uint16_t* to) {
    auto const [first, second, third] = nines;
    for (std::size_t i = 0; i < count; ++i)
        to[i] = static_cast<std::uint16_t>(first[i] + second[i] + third[i]);
}

#else

void row_of(ByteStage::Taps const&, Rows const&, std::uint16_t const*, std::uint16_t const*, int, float*) {}
void sum_nines(unsigned char const*, std::size_t, std::uint16_t*) {}
void add_up(std::array<std::uint16_t const*, k_kernel> const&, std::size_t, std::uint16_t*) {}

#endif

}  // namespace

ByteStage::ByteStage(QuantisedWeights const& weights, std::span<float const> bias, Normalisation const& normalisation) {
    require(VectorPath::avx512_vnni);
    bool const fits = weights.bytes.size() == k_kernel * k_window * k_channels && bias.size() == k_channels &&
                      weights.scale.size() == k_channels;
    if (!fits || std::ranges::any_of(weights.scale, [](float scale) { return !(scale > 0); }))
        throw Error{Kind::bug, "weights of a first stage of another size or scale"};
    m_taps.lack = k_signed - weights.zero;
    for (std::size_t channel = 0; channel < k_channels; ++channel) {
        double mean = 0;  // what the normalisation takes away, in units of the weights
        for (std::size_t position = 0; position < k_kernel * k_kernel; ++position) {
            auto const y = position / k_kernel;
            for (std::size_t colour = 0; colour < k_colours; ++colour) {
                auto const plane = normalisation.rgb ? k_colours - 1 - colour : colour;
                int const weight = weights.bytes[(position * k_colours + plane) * k_channels + channel];
                mean += (weight - weights.zero) * static_cast<double>(normalisation.mean[plane]);
                auto const byte = position % k_kernel * k_colours + colour;
                auto const group = std::min<std::size_t>(byte / 4, 2);
                m_taps.weights[y * k_kernel + group][channel][byte - Taps::k_groups[group]] =
                    static_cast<std::int8_t>(weight - k_signed);
            }
        }
        m_taps.scale[channel] = weights.scale[channel] * normalisation.scale;
        m_taps.bias[channel] = static_cast<float>(bias[channel] - mean * static_cast<double>(m_taps.scale[channel]));
    }
}

void ByteStage::add_nines(cv::Mat const& picture, int row) {
    sum_nines(picture.ptr(row), m_width - (k_window - 1), nines(row));
}

void ByteStage::add_windows(int row, std::uint16_t* to) {
    add_up({nines(row), nines(row + 1), nines(row + 2)}, m_width - (k_window - 1), to);
}

void ByteStage::run(cv::Mat const& picture, FeatureMap& result, int border) {
    auto const size = FirstStage::result_size(picture.size());
    result.reshape(size, k_channels, border);
    m_width = static_cast<std::size_t>(picture.cols) * k_colours;
    m_nines.resize(std::max(m_nines.size(), 4 * m_width));
    m_windows.resize(std::max(m_windows.size(), 2 * m_width));
    auto* const upper = m_windows.data();
    auto* const lower = upper + m_width;
    for (int row = 0; row < 2; ++row)
        add_nines(picture, row);
    for (int y = 0; y < size.height; ++y) {
        int const row = 2 * y;
        add_nines(picture, row + 2);
        add_nines(picture, row + 3);
        add_windows(row, upper);
        add_windows(row + 1, lower);
        Rows const rows{picture.ptr(row), picture.ptr(row + 1), picture.ptr(row + 2), picture.ptr(row + 3)};
        row_of(m_taps, rows, upper, lower, size.width, result.row(y));
    }
}

}  // namespace bioctl::face
