#include "lib/match/code_kernel.hpp"

#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "lib/base/error.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace bioctl::match {

namespace {

constexpr std::size_t k_padded = CodeProbe::k_padded;

/// Two rows at once. Both paths below are this loop; they differ in what std::popcount becomes.
[[gnu::always_inline]] inline std::uint64_t two_rows(std::uint32_t const* rows) {
    std::uint64_t word;
    std::memcpy(&word, rows, sizeof word);
    return word;
}

[[gnu::always_inline]] inline void count_words(CodeProbe const& probe, Code const& code, CodeCounts& counts) {
    std::size_t shift = 0;
    for (std::size_t x = 0; x < k_shifts_of_column; ++x) {
        auto const* const column = probe.column(x);
        for (std::size_t y = 0; y < k_shifts_of_column; ++y) {
            int differing = 0;
            int overlap = 0;
            for (std::size_t row = 0; row < k_code_side; row += 2) {
                auto const* const rows = column + y + row;
                auto const mask = two_rows(rows + k_code_planes * k_padded) & two_rows(&code.mask[row]);
                overlap += std::popcount(mask);
                for (std::size_t plane = 0; plane < k_code_planes; ++plane)
                    differing += std::popcount((two_rows(rows + plane * k_padded) ^ two_rows(&code.planes[plane][row])) & mask);
            }
            counts[shift++] = static_cast<std::uint32_t>(overlap) << 16U | static_cast<std::uint32_t>(differing);
        }
    }
}

void count_portable(CodeProbe const& probe, Code const& code, CodeCounts& counts) {
    count_words(probe, code, counts);
}

#if defined(__x86_64__)

[[gnu::target("popcnt")]] void count_popcnt(CodeProbe const& probe, Code const& code, CodeCounts& counts) {
    count_words(probe, code, counts);
}

/// Set bits of each byte, from a table of nibbles. source  Mula, Kurz, Lemire, "Faster population counts using AVX2", 2018.
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i bits_of_bytes(__m256i words) {
    __m256i const table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                           0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    __m256i const nibble = _mm256_set1_epi8(15);
    __m256i const low = _mm256_and_si256(words, nibble);
    __m256i const high = _mm256_and_si256(_mm256_srli_epi16(words, 4), nibble);
    return _mm256_add_epi8(_mm256_shuffle_epi8(table, low), _mm256_shuffle_epi8(table, high));
}

struct Sum {
    __m256i one, two;
};

/// Three bits to a two-bit number.
[[gnu::target("avx2"), gnu::always_inline]] inline Sum full_add(__m256i a, __m256i b, __m256i c) {
    __m256i const half = _mm256_xor_si256(a, b);
    return {_mm256_xor_si256(half, c), _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(half, c))};
}

[[gnu::target("avx2"), gnu::always_inline]] inline __m256i load(void const* from) {
    return _mm256_loadu_si256(static_cast<__m256i const*>(from));
}

[[gnu::target("avx2"), gnu::always_inline]] inline std::uint32_t total(__m256i bytes_as_words) {
    auto const half = _mm_add_epi64(_mm256_castsi256_si128(bytes_as_words), _mm256_extracti128_si256(bytes_as_words, 1));
    return static_cast<std::uint32_t>(_mm_cvtsi128_si64(half) + _mm_extract_epi64(half, 1));
}

/// The six differences of a cell are added up bitwise first, so that three words are counted instead of six.
[[gnu::target("avx2")]] void count_avx2(CodeProbe const& probe, Code const& code, CodeCounts& counts) {
    constexpr std::size_t k_rows = 8;
    __m256i const zero = _mm256_setzero_si256();
    std::size_t shift = 0;
    for (std::size_t x = 0; x < k_shifts_of_column; ++x) {
        auto const* const column = probe.column(x);
        for (std::size_t y = 0; y < k_shifts_of_column; ++y) {
            __m256i differing = zero;  // in bytes: at most 4 * 8 * (1 + 2 + 4) = 224
            __m256i overlap = zero;
            for (std::size_t row = 0; row < k_code_side; row += k_rows) {
                auto const* const rows = column + y + row;
                auto const difference = [&](std::size_t plane) __attribute__((target("avx2"), always_inline)) {
                    return _mm256_xor_si256(load(rows + plane * k_padded), load(&code.planes[plane][row]));
                };
                __m256i const mask = _mm256_and_si256(load(rows + k_code_planes * k_padded), load(&code.mask[row]));
                auto const first = full_add(difference(0), difference(1), difference(2));
                auto const second = full_add(difference(3), difference(4), difference(5));
                auto const ones = full_add(first.one, second.one, zero);
                auto const twos = full_add(first.two, second.two, ones.two);
                auto const one = bits_of_bytes(_mm256_and_si256(ones.one, mask));
                auto const two = bits_of_bytes(_mm256_and_si256(twos.one, mask));
                auto const four = bits_of_bytes(_mm256_and_si256(twos.two, mask));
                auto const six = _mm256_add_epi8(two, _mm256_add_epi8(four, four));
                differing = _mm256_add_epi8(differing, _mm256_add_epi8(one, _mm256_add_epi8(six, six)));
                overlap = _mm256_add_epi8(overlap, bits_of_bytes(mask));
            }
            counts[shift++] = total(_mm256_sad_epu8(overlap, zero)) << 16U | total(_mm256_sad_epu8(differing, zero));
        }
    }
}

#define BIOCTL_AVX512 "avx512f,avx512vpopcntdq"

/// The code stays in registers while the shifts of the probe pass by.
[[gnu::target(BIOCTL_AVX512)]] void count_avx512(CodeProbe const& probe, Code const& code, CodeCounts& counts) {
    constexpr std::size_t k_halves = 2;
    constexpr std::size_t k_rows = k_code_side / k_halves;
    constexpr int k_differ_where_valid = 0x28;  // (a ^ b) & c as a truth table
    __m512i planes[k_code_planes][k_halves];
    __m512i masks[k_halves];
    for (std::size_t half = 0; half < k_halves; ++half) {
        masks[half] = _mm512_loadu_si512(&code.mask[half * k_rows]);
        for (std::size_t plane = 0; plane < k_code_planes; ++plane)
            planes[plane][half] = _mm512_loadu_si512(&code.planes[plane][half * k_rows]);
    }
    std::size_t shift = 0;
    for (std::size_t x = 0; x < k_shifts_of_column; ++x) {
        auto const* const column = probe.column(x);
        for (std::size_t y = 0; y < k_shifts_of_column; ++y) {
            __m512i differing = _mm512_setzero_si512();
            __m512i overlap = _mm512_setzero_si512();
            for (std::size_t half = 0; half < k_halves; ++half) {
                auto const* const rows = column + y + half * k_rows;
                __m512i const mask = _mm512_and_si512(_mm512_loadu_si512(rows + k_code_planes * k_padded), masks[half]);
                overlap = _mm512_add_epi32(overlap, _mm512_popcnt_epi32(mask));
                for (std::size_t plane = 0; plane < k_code_planes; ++plane) {
                    __m512i const both = _mm512_ternarylogic_epi32(_mm512_loadu_si512(rows + plane * k_padded),
                                                                   planes[plane][half], mask, k_differ_where_valid);
                    differing = _mm512_add_epi32(differing, _mm512_popcnt_epi32(both));
                }
            }
            // One sum for both: neither total reaches 16 bits.
            __m512i const packed = _mm512_add_epi32(_mm512_slli_epi32(overlap, 16), differing);
            counts[shift++] = static_cast<std::uint32_t>(_mm512_reduce_add_epi32(packed));
        }
    }
}

#endif

}  // namespace

std::vector<CodePath> code_paths() {
    std::vector<CodePath> paths{CodePath::portable};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("popcnt")) paths.push_back(CodePath::popcnt);
    if (__builtin_cpu_supports("avx2")) paths.push_back(CodePath::avx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq")) paths.push_back(CodePath::avx512);
#endif
    return paths;
}

CodeKernel kernel_of(CodePath path) {
    switch (path) {
        case CodePath::portable: return count_portable;
#if defined(__x86_64__)
        case CodePath::popcnt: return count_popcnt;
        case CodePath::avx2: return count_avx2;
        case CodePath::avx512: return count_avx512;
#else
        case CodePath::popcnt:
        case CodePath::avx2:
        case CodePath::avx512: break;
#endif
    }
    throw Error{Kind::bug, fmt::format("this processor has no path {}", name_of(path))};
}

}  // namespace bioctl::match
