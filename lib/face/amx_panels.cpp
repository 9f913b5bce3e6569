#include "lib/face/amx_panels.hpp"

#if defined(__x86_64__)

#include <algorithm>
#include <cstdint>

#include <immintrin.h>

#include "lib/face/amx_halves.hpp"

namespace bioctl::face::amx {

namespace {

[[gnu::target("avx512f,avx512bw,avx512vl"), gnu::always_inline]] inline __m512i less(std::uint8_t const* bytes, int zero) {
    auto const whole = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<__m128i const*>(bytes)));
    return _mm512_castps_si512(_mm512_cvtepi32_ps(_mm512_sub_epi32(whole, _mm512_set1_epi32(zero))));
}

/// The bytes less their zeros of two rows of depth, as bfloat16 side by side: such small integers are nothing in the lower half
/// of a float32.
[[gnu::target("avx512f,avx512bw,avx512vl")]] void pack_pair(std::uint8_t const* upper, std::uint8_t const* lower, int zero,
                                                            std::uint16_t* to) {
    _mm512_storeu_si512(to, _mm512_or_si512(_mm512_srli_epi32(less(upper, zero), 16), less(lower, zero)));
}

}  // namespace

bool Panels::fits(Weights const& weights, std::size_t results) {
    auto const& quantised = weights.quantised();
    return !quantised || (quantised->bytes.size() == weights.size() && quantised->scale.size() == results);
}

Panels::Panels(Weights const& weights, std::size_t depth, std::size_t results)
    : m_in_two(!weights.quantised()),
      m_size((depth + k_depth - 1) / k_depth * k_panel_step * (m_in_two ? 2 : 1)),
      m_scale(results, 1.0F),
      m_panels(results / k_columns * m_size) {
    if (m_in_two) {
        pack(weights.values(), depth);
    } else {
        m_scale = weights.quantised()->scale;
        pack(*weights.quantised(), depth);
    }
}

void Panels::pack(QuantisedWeights const& weights, std::size_t depth) {
    auto const results = m_scale.size();
    auto* to = m_panels.data();
    for (std::size_t result = 0; result < results; result += k_columns) {
        for (std::size_t first = 0; first < depth; first += k_depth) {
            for (std::size_t half = result; half < result + k_columns; half += k_lanes, to += k_panel_step / 2) {
                for (std::size_t i = 0; i < std::min(k_depth, depth - first); i += 2) {
                    auto const* const pair = weights.bytes.data() + (first + i) * results + half;
                    pack_pair(pair, pair + results, weights.zero, to + i * k_lanes);
                }
            }
        }
    }
}

void Panels::pack(std::vector<float> const& weights, std::size_t depth) {
    auto const results = m_scale.size();
    auto* to = m_panels.data();
    for (std::size_t result = 0; result < results; result += k_columns) {
        for (std::size_t first = 0; first < depth; first += k_depth, to += 2 * k_panel_step)
            pack_step(weights.data() + first * results + result, results, std::min(k_depth, depth - first), to);
    }
}

}  // namespace bioctl::face::amx

#endif
