#pragma once
// Sixteen values in two bfloat16 each, see amx.hpp. Only where there is __x86_64__; private to amx_*.cpp.

#include <cstddef>
#include <cstdint>

#include <immintrin.h>

namespace bioctl::face::amx {

inline constexpr std::size_t k_lanes = 16;  ///< float32 of a register

struct SixteenHalves {
    __m256i high, low;
};

[[gnu::target("avx512f,avx512bw,avx512vl,avx512bf16"), gnu::always_inline]] inline SixteenHalves halves_of(__m512 values) {
    auto const high = reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(values));
    auto const back = _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(high), 16));
    return {high, reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(_mm512_sub_ps(values, back)))};
}

[[gnu::target("avx512f,avx512bw,avx512vl,avx512bf16"), gnu::always_inline]] inline void store_halves(__m512 values,
                                                                                                     std::uint16_t* high,
                                                                                                     std::uint16_t* low) {
    auto const halves = halves_of(values);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(high), halves.high);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(low), halves.low);
}

}  // namespace bioctl::face::amx
