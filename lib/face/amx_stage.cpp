#include "lib/face/amx_stage.hpp"

#if defined(__x86_64__)

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/face/amx.hpp"
#include "lib/face/amx_halves.hpp"
#include "lib/face/amx_panels.hpp"
#include "lib/face/lanes.hpp"

namespace bioctl::face {

namespace {

using namespace amx;

constexpr std::size_t k_taps = k_kernel * k_kernel;

std::size_t rounded_up(std::size_t value, std::size_t to) {
    return (value + to - 1) / to * to;
}

/// The 3x3 convolutions of the channels of one row, in halves. `above` is the pixel above and left of the first one.
struct Around {
    float const* weights;         ///< 3 x 3 x channels
    std::size_t channels, depth;  ///< depth: elements from pixel to pixel of the result
    float const* above;
    std::size_t stride;  ///< floats of a row
    std::size_t width;
    std::uint16_t *high, *low;
};

[[gnu::target("avx512f,avx512bw,avx512vl,avx512bf16")]] void look_around(Around const& row) {
    for (std::size_t channel = 0; channel < row.channels; channel += k_lanes) {
        __m512 weights[k_taps];  // NOLINT: std::array of it loses the alignment
#pragma GCC unroll 9
        for (std::size_t tap = 0; tap < k_taps; ++tap)
            weights[tap] = _mm512_loadu_ps(row.weights + tap * row.channels + channel);
        auto const* from = row.above + channel;
        auto at = channel;
        for (std::size_t x = 0; x < row.width; ++x, from += row.channels, at += row.depth) {
            auto sum = _mm512_setzero_ps();
#pragma GCC unroll 9
            for (std::size_t tap = 0; tap < k_taps; ++tap) {
                auto const* const value = from + tap / k_kernel * row.stride + tap % k_kernel * row.channels;
                sum = _mm512_fmadd_ps(weights[tap], _mm512_loadu_ps(value), sum);
            }
            store_halves(sum, row.high + at, row.low + at);
        }
    }
}

/// What sums become: k_columns channels of some pixels of the result.
struct Finish {
    float const *scale, *bias;
    float* to;             ///< of the first pixel
    std::size_t channels;  ///< from pixel to pixel
    std::size_t pixels;    ///< of the result
};

[[gnu::target("avx512f"), gnu::always_inline]] inline __m512 larger(float const* a, float const* b) {
    return _mm512_max_ps(_mm512_loadu_ps(a), _mm512_loadu_ps(b));
}

[[gnu::target("avx512f"), gnu::always_inline]] inline void finish(Finish const& result, std::size_t pixel, std::size_t half,
                                                                  __m512 sum) {
    auto const value = _mm512_fmadd_ps(sum, _mm512_loadu_ps(result.scale + half), _mm512_loadu_ps(result.bias + half));
    _mm512_storeu_ps(result.to + pixel * result.channels + half,
                     _mm512_max_ps(value, _mm512_mul_ps(value, _mm512_set1_ps(k_leak))));
}

[[gnu::target("avx512f")]] void finish_pixels(Finish const& result, Acc const& acc) {
    for (std::size_t i = 0; i < result.pixels; ++i) {
        for (std::size_t half = 0; half < k_columns; half += k_lanes)
            finish(result, i, half, _mm512_loadu_ps(&acc[i * k_columns + half]));
    }
}

/// The largest of each two pixels of two rows, before scale, bias and ReLU, which keep the order.
[[gnu::target("avx512f")]] void finish_largest(Finish const& result, Acc const& upper, Acc const& lower) {
    for (std::size_t i = 0; i < result.pixels; ++i) {
        for (std::size_t half = 0; half < k_columns; half += k_lanes) {
            auto const left = 2 * i * k_columns + half;
            auto const right = left + k_columns;
            finish(result, i, half, _mm512_max_ps(larger(&upper[left], &upper[right]), larger(&lower[left], &lower[right])));
        }
    }
}

class AmxStage final : public FeatureStage {
public:
    explicit AmxStage(SeparableLayer const& layer)
        : m_in(static_cast<std::size_t>(layer.channels)),
          m_out(2 * m_in),
          m_depth(rounded_up(m_in, k_depth)),
          m_is_halved(layer.is_halved),
          m_depthwise(layer.depthwise),
          m_bias(layer.bias),
          m_panels(checked(layer), m_in, m_out) {}

    void run(FeatureMap const& from, FeatureMap& to, int border) override {
        Tiles const tiles;
        auto const size = from.size();
        auto const result = m_is_halved ? result_size(size) : size;
        to.reshape(result, static_cast<int>(m_out), border);
        m_width = static_cast<std::size_t>(size.width);
        m_row = rounded_up(m_width + 1, 2 * k_tile_rows) * m_depth;
        m_rows.resize(std::max(m_rows.size(), 4 * m_row));
        for (int y = 0; y < result.height; ++y) {
            int const first = m_is_halved ? 2 * y : y;
            look(from, first, m_rows.data());
            bool const has_second = m_is_halved && first + 1 < size.height;
            if (has_second) look(from, first + 1, m_rows.data() + m_row);
            make_row(has_second ? m_row : 0, to.row(y));
        }
    }

private:
    /// Its weights. The largest sum is found before they are scaled.
    static Weights const& checked(SeparableLayer const& layer) {
        auto const in = static_cast<std::size_t>(layer.channels);
        auto const out = 2 * in;
        auto const& weights = layer.pointwise;
        bool const fits = in % k_lanes == 0 && layer.depthwise.size() == k_taps * in && weights.size() == in * out &&
                          layer.bias.size() == out && Panels::fits(weights, out);
        auto const& quantised = weights.quantised();
        bool const is_positive = !quantised || std::ranges::all_of(quantised->scale, [](float scale) { return scale > 0; });
        if (!fits || !is_positive) throw Error{Kind::bug, "weights of a separable stage of another size or scale"};
        return weights;
    }

    /// At an odd edge a pixel stands in for the one that is missing.
    void look(FeatureMap const& from, int y, std::uint16_t* high) {
        auto* const low = high + 2 * m_row;
        auto const stride = (m_width + 2) * m_in;
        look_around({m_depthwise.data(), m_in, m_depth, from.row(y - 1) - m_in, stride, m_width, high, low});
        for (auto* const half : {high, low})
            std::copy_n(half + (m_width - 1) * m_depth, m_depth, half + m_width * m_depth);
    }

    /// A row of the result, of one row of the input or of two.
    void make_row(std::size_t second_row, float* result) {
        static constexpr std::array<std::ptrdiff_t, 1> k_here{0};
        Rows const rows{m_rows.data(), static_cast<std::ptrdiff_t>(2 * m_row),
                        static_cast<std::ptrdiff_t>(m_depth * sizeof(std::uint16_t))};
        Walk const walk{k_here, m_depth / k_depth};
        std::size_t const step = m_is_halved ? k_tile_rows : 2 * k_tile_rows;
        alignas(64) std::array<Acc, 2> acc;
        for (std::size_t column = 0; column < m_out; column += k_columns) {
            auto const panel = m_panels.of(column);
            for (std::size_t x = 0; x < m_width; x += step) {
                auto const first = x * m_depth;
                auto const second = m_is_halved ? second_row + first : first + k_tile_rows * m_depth;
                multiply(rows, static_cast<std::ptrdiff_t>(first), static_cast<std::ptrdiff_t>(second), walk, panel,
                         acc[0].data(), acc[1].data(), k_columns * sizeof(float));
                auto const left = m_width - x;
                auto const finish_at = [&](std::size_t pixel, std::size_t pixels) {
                    return Finish{m_panels.scale().data() + column, m_bias.data() + column, result + pixel * m_out + column,
                                  m_out, pixels};
                };
                if (m_is_halved) {
                    finish_largest(finish_at(x / 2, std::min(k_tile_rows / 2, (left + 1) / 2)), acc[0], acc[1]);
                } else {
                    finish_pixels(finish_at(x, std::min(k_tile_rows, left)), acc[0]);
                    if (left > k_tile_rows)
                        finish_pixels(finish_at(x + k_tile_rows, std::min(k_tile_rows, left - k_tile_rows)), acc[1]);
                }
            }
        }
    }

    std::size_t m_in, m_out;
    std::size_t m_depth;  // m_in, and zeros up to a whole row of a tile
    bool m_is_halved;
    std::vector<float> m_depthwise, m_bias;
    Panels m_panels;
    std::size_t m_width = 0;  // of the map at hand
    std::size_t m_row = 0;    // elements of a row in m_rows
    Halves m_rows;            // two rows' upper halves, then their lower ones
};

}  // namespace

std::unique_ptr<FeatureStage> make_amx_stage(SeparableLayer const& layer) {
    if (!amx::is_ready()) return nullptr;
    return std::make_unique<AmxStage>(layer);
}

}  // namespace bioctl::face

#else

namespace bioctl::face {

std::unique_ptr<FeatureStage> make_amx_stage(SeparableLayer const&) {
    return nullptr;
}

}  // namespace bioctl::face

#endif
