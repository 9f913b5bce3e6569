#include "lib/face/amx_convolution.hpp"

#if defined(__x86_64__)

#include <algorithm>
#include <array>

#include "lib/face/amx_halves.hpp"

namespace bioctl::face::amx {

namespace {

constexpr std::size_t k_colours = 3;
constexpr std::size_t k_stride = 2;
constexpr std::size_t k_pool = 3;
constexpr int k_most_kernel = 9;  // 9 pixels of 3 colours are 27 of the 32 elements of a tile's row

/// Elements from a line of pixels, side by side, to the next: what a tile reads beyond the last pixel is zeros.
std::size_t line_of(Grid const& grid) {
    return (grid.width * k_colours + 2 * k_depth + k_lanes) / k_lanes * k_lanes;
}

/// Sixteen pixels of three planes side by side: 48 bfloat16.
[[gnu::target("avx512f,avx512bw,avx512vl"), gnu::always_inline]] inline void store_side_by_side(
    __m256i const (&planes)[k_colours], std::uint16_t* to) {
    // Element i of 48 is pixel i / 3 of plane i % 3. Of 64 elements to choose from, planes 0 and 1 are the first 32, plane 2 the
    // next 16.
    alignas(64) static constexpr auto k_from = [] {
        std::array<std::uint16_t, 64> from{};
        for (std::uint16_t i = 0; i < from.size(); ++i)
            from[i] = static_cast<std::uint16_t>(i % k_colours * k_lanes + i / k_colours % k_lanes);
        return from;
    }();
    auto const both = _mm512_inserti64x4(_mm512_castsi256_si512(planes[0]), planes[1], 1);
    auto const third = _mm512_castsi256_si512(planes[2]);
    auto const first = _mm512_permutex2var_epi16(both, _mm512_load_si512(k_from.data()), third);
    auto const rest = _mm512_permutex2var_epi16(both, _mm512_load_si512(k_from.data() + 32), third);
    _mm512_storeu_si512(to, first);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + 32), _mm512_castsi512_si256(rest));
}

/// A picture's planes to lines of pixels in two halves.
[[gnu::target("avx512f,avx512bw,avx512vl,avx512bf16")]] void interleave(float const* planes, Grid const& grid, std::size_t line,
                                                                        std::uint16_t* high, std::uint16_t* low) {
    for (std::size_t y = 0; y < grid.height; ++y) {
        for (std::size_t x = 0; x < grid.width; x += k_lanes) {
            auto const left = std::min(k_lanes, grid.width - x);
            auto const mask = static_cast<__mmask16>((1U << left) - 1);
            __m256i upper[k_colours];
            __m256i lower[k_colours];
            for (std::size_t colour = 0; colour < k_colours; ++colour) {
                auto const value = _mm512_maskz_loadu_ps(mask, planes + (colour * grid.height + y) * grid.width + x);
                auto const halves = halves_of(value);
                upper[colour] = halves.high;
                lower[colour] = halves.low;
            }
            store_side_by_side(upper, high + y * line + x * k_colours);
            store_side_by_side(lower, low + y * line + x * k_colours);
        }
    }
}

/// The largest of 3 x 3 sums, with bias and ReLU, to a row of the result. `from` is the upper left of them.
[[gnu::target("avx512f,avx512bw,avx512vl,avx512bf16"), gnu::always_inline]] inline void largest(
    float const* from, std::size_t line, float const* bias, float* values, std::uint16_t* high, std::uint16_t* low) {
    for (std::size_t channel = 0; channel < k_columns; channel += k_lanes) {
        auto most = _mm512_loadu_ps(from + channel);
        for (std::size_t y = 0; y < k_pool; ++y) {
            for (std::size_t x = 0; x < k_pool; ++x)
                most = _mm512_max_ps(most, _mm512_loadu_ps(from + y * line + x * k_columns + channel));
        }
        auto const value = _mm512_max_ps(_mm512_add_ps(most, _mm512_loadu_ps(bias + channel)), _mm512_setzero_ps());
        _mm512_storeu_ps(values + channel, value);
        store_halves(value, high + channel, low + channel);
    }
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512bf16")]] void take_largest(float const* sums, std::size_t line, float const* bias,
                                                                          Map& to, std::size_t picture) {
    auto const grid = to.grid();
    for (std::size_t y = 0; y <= grid.height; ++y) {
        for (std::size_t x = 0; x <= grid.width; ++x) {
            auto const row = to.row(picture, y, x);
            auto* const values = to.values() + row * k_columns;
            auto* const high = to.high() + row * k_columns;
            if (y < grid.height && x < grid.width) {
                auto const* const from = sums + k_stride * (y * line + x * k_columns);
                largest(from, line, bias, values, high, high + to.low());
            } else {
                std::fill_n(values, k_columns, 0.0F);
                std::fill_n(high, k_columns, std::uint16_t{0});
                std::fill_n(high + to.low(), k_columns, std::uint16_t{0});
            }
        }
    }
}

Grid windowed(Grid const& from, std::size_t kernel) {
    return {(from.height - kernel) / k_stride + 1, (from.width - kernel) / k_stride + 1};
}

}  // namespace

bool Stem::takes(Node const& convolution, Shape const& in, Node const& maximum) {
    return convolution.op == Op::convolution && in.channels == static_cast<int>(k_colours) &&
           convolution.kernel <= k_most_kernel && convolution.stride == static_cast<int>(k_stride) &&
           convolution.padding == Padding{} && convolution.shape.channels == static_cast<int>(k_columns) &&
           convolution.activation == Activation::relu && convolution.shape.width >= static_cast<int>(k_tile_rows) &&
           convolution.bias.size() == k_columns && maximum.op == Op::max_pool && maximum.kernel == static_cast<int>(k_pool) &&
           maximum.stride == static_cast<int>(k_stride) && maximum.padding == Padding{};
}

Stem::Stem(Node const& convolution, Shape const& in, Node const& maximum)
    : m_in{static_cast<std::size_t>(in.height), static_cast<std::size_t>(in.width)},
      m_sums(windowed(m_in, static_cast<std::size_t>(convolution.kernel))),
      m_result{static_cast<std::size_t>(maximum.shape.height), static_cast<std::size_t>(maximum.shape.width)},
      m_kernel(static_cast<std::size_t>(convolution.kernel)),
      m_panel(m_kernel * 2 * k_panel_step),
      m_bias(convolution.bias) {
    auto const weights = convolution.weights.values();
    auto const depth = m_kernel * k_colours;
    for (std::size_t y = 0; y < m_kernel; ++y)
        pack_step(&weights[y * depth * k_columns], k_columns, depth, &m_panel[2 * y * k_panel_step]);
}

void Stem::run(float const* planes, Map& to, std::size_t picture, Scratch& scratch) const {
    auto const line = line_of(m_in);
    auto const half = line * m_in.height;
    if (scratch.pixels.size() < 2 * half) scratch.pixels.assign(2 * half, 0);
    scratch.sums.resize(std::max(scratch.sums.size(), m_sums.height * m_sums.width * k_columns));
    interleave(planes, m_in, line, scratch.pixels.data(), scratch.pixels.data() + half);

    std::array<std::ptrdiff_t, k_most_kernel> taps{};
    for (std::size_t y = 0; y < m_kernel; ++y)
        taps[y] = static_cast<std::ptrdiff_t>(y * line);
    Rows const rows{scratch.pixels.data(), static_cast<std::ptrdiff_t>(half), k_stride * k_colours * sizeof(std::uint16_t)};
    Walk const walk{std::span{taps}.first(m_kernel), 1};
    Panel const panel{m_panel.data(), true};
    auto const pixel = [&](std::size_t y, std::size_t x) {
        return static_cast<std::ptrdiff_t>(k_stride * (y * line + x * k_colours));
    };
    auto const sum = [&](std::size_t y, std::size_t x) { return &scratch.sums[(y * m_sums.width + x) * k_columns]; };
    for (std::size_t y = 0; y < m_sums.height; ++y) {
        for (std::size_t x = 0; x < m_sums.width; x += 2 * k_tile_rows) {
            // Tiles at the end begin earlier, rather than to end beyond it.
            auto const first = std::min(x, m_sums.width - k_tile_rows);
            auto const second = std::min(x + k_tile_rows, m_sums.width - k_tile_rows);
            bool const has_second = x + k_tile_rows < m_sums.width;
            multiply(rows, pixel(y, first), has_second ? pixel(y, second) : -1, walk, panel, sum(y, first), sum(y, second),
                     k_columns * sizeof(float));
        }
    }
    take_largest(scratch.sums.data(), m_sums.width * k_columns, m_bias.data(), to, picture);
}

}  // namespace bioctl::face::amx

#endif
