#include "lib/face/separable_stage.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "lib/base/error.hpp"
#include "lib/face/lanes.hpp"

namespace bioctl::face {

namespace {

// By reference: vectors are passed by value differently on each kind of processor, and not at all once this is inlined.
template <class Vector>
[[gnu::always_inline]] inline void load(Vector& to, float const* from) {
    std::memcpy(&to, from, sizeof to);
}

/// The largest of four, with bias and ReLU.
template <class Vector>
[[gnu::always_inline]] inline void finish(Vector const& a, Vector const& b, Vector const& c, Vector const& d, float const* bias,
                                          float* result) {
    Vector offset;
    load(offset, bias);
    Vector const upper = a > b ? a : b;
    Vector const lower = c > d ? c : d;
    Vector const largest = (upper > lower ? upper : lower) + offset;
    Vector const leaked = largest * k_leak;
    Vector const active = largest > leaked ? largest : leaked;
    std::memcpy(result, &active, sizeof active);
}

/// The 3x3 convolution of each channel, of the pixel whose upper left neighbour is `from`.
template <class Vector, std::size_t channels>
[[gnu::always_inline]] inline void look_around(float const* depthwise, float const* from, std::size_t stride, float* result) {
    constexpr std::size_t k_lanes = sizeof(Vector) / sizeof(float);
    for (std::size_t channel = 0; channel < channels; channel += k_lanes) {
        Vector sum = {};
        for (std::size_t y = 0; y < k_kernel; ++y) {
            for (std::size_t x = 0; x < k_kernel; ++x) {
                Vector weights;
                Vector values;
                load(weights, depthwise + (y * k_kernel + x) * channels + channel);
                load(values, from + y * stride + x * channels + channel);
                sum += weights * values;
            }
        }
        std::memcpy(result + channel, &sum, sizeof sum);
    }
}

/// One row of the result. Four pixels share the weights of the 1x1 convolution, two registers of its results at a time; bias and
/// ReLU come after the maximum, for both keep the order. At an odd edge a pixel stands in for the one that is missing.
template <class Vector, std::size_t channels>
[[gnu::always_inline]] inline void row_of(SeparableStage::Layers const& layers, SeparableStage::Rows const& rows, int width,
                                          float* result) {
    constexpr std::size_t k_lanes = sizeof(Vector) / sizeof(float);
    constexpr std::size_t k_results = 2 * channels;
    auto const columns = static_cast<std::size_t>(width);
    auto const below = rows.has_second ? rows.stride : 0;
    alignas(64) std::array<std::array<float, channels>, 4> around{};
    for (std::size_t column = 0; column < columns; column += 2, result += k_results) {
        auto const next = column + 1 < columns ? channels : 0;
        auto const* const from = rows.above + column * channels;
        look_around<Vector, channels>(layers.depthwise.data(), from, rows.stride, around[0].data());
        look_around<Vector, channels>(layers.depthwise.data(), from + next, rows.stride, around[1].data());
        look_around<Vector, channels>(layers.depthwise.data(), from + below, rows.stride, around[2].data());
        look_around<Vector, channels>(layers.depthwise.data(), from + below + next, rows.stride, around[3].data());
        for (std::size_t first = 0; first < k_results; first += 2 * k_lanes) {
            Vector a0 = {}, a1 = {}, b0 = {}, b1 = {}, c0 = {}, c1 = {}, d0 = {}, d1 = {};
            for (std::size_t channel = 0; channel < channels; ++channel) {
                auto const* const weights = layers.pointwise.data() + channel * k_results + first;
                Vector w0;
                Vector w1;
                load(w0, weights);
                load(w1, weights + k_lanes);
                a0 += w0 * around[0][channel];
                a1 += w1 * around[0][channel];
                b0 += w0 * around[1][channel];
                b1 += w1 * around[1][channel];
                c0 += w0 * around[2][channel];
                c1 += w1 * around[2][channel];
                d0 += w0 * around[3][channel];
                d1 += w1 * around[3][channel];
            }
            finish(a0, b0, c0, d0, &layers.bias[first], result + first);
            finish(a1, b1, c1, d1, &layers.bias[first + k_lanes], result + first + k_lanes);
        }
    }
}

template <std::size_t channels>
void row_portable(SeparableStage::Layers const& layers, SeparableStage::Rows const& rows, int width, float* result) {
    row_of<Four, channels>(layers, rows, width, result);
}

#if defined(__x86_64__)
template <std::size_t channels>
[[gnu::target("avx2,fma")]] void row_avx2(SeparableStage::Layers const& layers, SeparableStage::Rows const& rows, int width,
                                          float* result) {
    row_of<Eight, channels>(layers, rows, width, result);
}

template <std::size_t channels>
[[gnu::target("avx512f,prefer-vector-width=512")]] void row_avx512(SeparableStage::Layers const& layers,
                                                                   SeparableStage::Rows const& rows, int width, float* result) {
    row_of<Sixteen, channels>(layers, rows, width, result);
}
#endif

template <std::size_t channels>
SeparableStage::Kernel kernel_of(VectorPath path) {
    require(path);
#if defined(__x86_64__)
    if (path >= VectorPath::avx512) return row_avx512<channels>;
    if (path == VectorPath::avx2) return row_avx2<channels>;
#endif
    return row_portable<channels>;
}

}  // namespace

SeparableStage::SeparableStage(SeparableLayer const& layer, VectorPath path)
    : m_channels(layer.channels),
      m_layers{layer.depthwise, layer.pointwise.values(), layer.bias},
      m_kernel(m_channels == 16 ? kernel_of<16>(path) : kernel_of<32>(path)) {
    auto const in = static_cast<std::size_t>(m_channels);
    bool const fits = (in == 16 || in == 32) && layer.is_halved && m_layers.depthwise.size() == k_kernel * k_kernel * in &&
                      m_layers.pointwise.size() == 2 * in * in && m_layers.bias.size() == 2 * in;
    if (!fits) throw Error{Kind::bug, "weights of a separable stage of another size"};
}

void SeparableStage::run(FeatureMap const& from, FeatureMap& to, int border) {
    auto const size = from.size();
    auto const result = result_size(size);
    to.reshape(result, 2 * m_channels, border);
    auto const stride = static_cast<std::size_t>(size.width + 2) * static_cast<std::size_t>(m_channels);
    for (int y = 0; y < result.height; ++y) {
        Rows const rows{from.row(2 * y - 1) - m_channels, stride, 2 * y + 1 < size.height};
        m_kernel(m_layers, rows, size.width, to.row(y));
    }
}

}  // namespace bioctl::face
