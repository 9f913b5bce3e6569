#include "lib/face/first_stage.hpp"

#include <algorithm>
#include <cstring>

#include "lib/base/error.hpp"
#include "lib/face/lanes.hpp"

namespace bioctl::face {

namespace {

constexpr std::size_t k_colours = 3;

/// One row of the result, some channels after the others. The four convolutions under a maximum share their weights, which with
/// them fill AVX-512's registers; bias and ReLU come after the maximum, for both keep the order.
template <class Channels>
[[gnu::always_inline]] inline void row_of(FirstStage::Taps const& taps, FirstStage::Rows const& rows, int columns,
                                          float* result) {
    constexpr std::size_t k_lanes = sizeof(Channels) / sizeof(float);
    for (std::size_t channel = 0; channel < FirstStage::k_channels; channel += k_lanes) {
        Channels bias;
        std::memcpy(&bias, &taps.bias[channel], sizeof bias);
        for (std::size_t column = 0; column < static_cast<std::size_t>(columns); ++column) {
            auto const first = column * 2 * k_colours;
            Channels a = {};
            Channels b = {};
            Channels c = {};
            Channels d = {};
            std::size_t tap = 0;
            for (std::size_t y = 0; y < k_kernel; ++y) {
                for (std::size_t x = first; x < first + k_kernel * k_colours; ++x, ++tap) {
                    Channels weight;
                    std::memcpy(&weight, &taps.weights[tap][channel], sizeof weight);
                    a += weight * rows[y][x];
                    b += weight * rows[y][x + k_colours];
                    c += weight * rows[y + 1][x];
                    d += weight * rows[y + 1][x + k_colours];
                }
            }
            Channels const upper = a > b ? a : b;
            Channels const lower = c > d ? c : d;
            Channels const largest = (upper > lower ? upper : lower) + bias;
            Channels const leaked = largest * k_leak;
            Channels const active = largest > leaked ? largest : leaked;
            std::memcpy(result + column * FirstStage::k_channels + channel, &active, sizeof active);
        }
    }
}

void row_portable(FirstStage::Taps const& taps, FirstStage::Rows const& rows, int columns, float* result) {
    row_of<Four>(taps, rows, columns, result);
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] void row_avx2(FirstStage::Taps const& taps, FirstStage::Rows const& rows, int columns,
                                          float* result) {
    row_of<Eight>(taps, rows, columns, result);
}

[[gnu::target("avx512f,prefer-vector-width=512")]] void row_avx512(FirstStage::Taps const& taps, FirstStage::Rows const& rows,
                                                                   int columns, float* result) {
    row_of<Sixteen>(taps, rows, columns, result);
}
#endif

FirstStage::Kernel kernel_of(VectorPath path) {
    require(path);
#if defined(__x86_64__)
    if (path >= VectorPath::avx512) return row_avx512;
    if (path == VectorPath::avx2) return row_avx2;
#endif
    return row_portable;
}

void to_float(unsigned char const* from, std::size_t count, float* to) {
    for (std::size_t i = 0; i < count; ++i)
        to[i] = static_cast<float>(from[i]);
}

}  // namespace

FirstStage::FirstStage(Weights const& layer, std::span<float const> bias, Normalisation const& normalisation, VectorPath path)
    : m_kernel(kernel_of(path)) {
    if (path == VectorPath::avx512_vnni && layer.quantised()) m_bytes.emplace(*layer.quantised(), bias, normalisation);
    auto const weights = layer.values();
    if (weights.size() != k_kernel * k_kernel * k_colours * k_channels || bias.size() != k_channels)
        throw Error{Kind::bug, "weights of a first stage of another size"};
    std::ranges::copy(bias, m_taps.bias.begin());
    for (std::size_t position = 0; position < k_kernel * k_kernel; ++position) {
        for (std::size_t colour = 0; colour < k_colours; ++colour) {
            auto const plane = normalisation.rgb ? k_colours - 1 - colour : colour;
            auto& tap = m_taps.weights[position * k_colours + colour];
            for (std::size_t channel = 0; channel < tap.size(); ++channel) {
                // w * (value - mean) * scale = (w * scale) * value - w * scale * mean
                tap[channel] = weights[(position * k_colours + plane) * tap.size() + channel] * normalisation.scale;
                m_taps.bias[channel] -= tap[channel] * normalisation.mean[plane];
            }
        }
    }
}

void FirstStage::run(cv::Mat const& picture, FeatureMap& result, int border) {
    if (m_bytes) {
        m_bytes->run(picture, result, border);
        return;
    }
    auto const size = result_size(picture.size());
    auto const width = static_cast<std::size_t>(picture.cols) * k_colours;
    result.reshape(size, k_channels, border);
    m_rows.resize(std::max(m_rows.size(), 4 * width));
    auto const row = [&](int y) { return m_rows.data() + static_cast<std::size_t>(y % 4) * width; };
    for (int y = 0; y < 2; ++y)
        to_float(picture.ptr<unsigned char>(y), width, row(y));
    for (int y = 0; y < size.height; ++y) {
        Rows rows{};
        for (int i = 0; i < 4; ++i) {
            auto* const here = row(2 * y + i);
            if (i >= 2) to_float(picture.ptr<unsigned char>(2 * y + i), width, here);
            rows[static_cast<std::size_t>(i)] = here;
        }
        m_kernel(m_taps, rows, size.width, result.row(y));
    }
}

}  // namespace bioctl::face
