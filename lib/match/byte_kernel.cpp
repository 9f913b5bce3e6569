#include "lib/match/byte_kernel.hpp"

#include <cstring>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "lib/base/error.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace bioctl::match {

namespace {

template <std::size_t Probes>
void dots_portable(Line const* lines, std::size_t groups, std::size_t lines_of_group, std::int8_t const* probes,
                   std::int32_t const* offsets, std::int32_t* dots) {
    for (std::size_t g = 0; g < groups; ++g, lines += lines_of_group) {
        for (std::size_t p = 0; p < Probes; ++p) {
            std::array<std::int32_t, k_group_rows> sums;
            sums.fill(offsets[p]);
            for (std::size_t line = 0; line < lines_of_group; ++line) {
                auto const* const row = lines[line].bytes.data();
                auto const* const probe = probes + (line * Probes + p) * k_line_dimensions;
                for (std::size_t r = 0; r < k_group_rows; ++r) {
                    for (std::size_t k = 0; k < k_line_dimensions; ++k)
                        sums[r] += row[r * k_line_dimensions + k] * probe[k];
                }
            }
            std::memcpy(dots + (p * groups + g) * k_group_rows, sums.data(), sizeof sums);
        }
    }
}

void keep_portable(std::int32_t const* dots, std::size_t groups, float const* factors, float const* constants, float const* least,
                   std::uint16_t* kept) {
    for (std::size_t g = 0; g < groups; ++g) {
        std::uint32_t bits = 0;
        for (std::size_t r = 0; r < k_group_rows; ++r) {
            auto const i = g * k_group_rows + r;
            bool const is_kept = static_cast<float>(dots[i]) * factors[g] + constants[g] >= least[i];
            bits |= static_cast<std::uint32_t>(is_kept) << r;
        }
        kept[g] = static_cast<std::uint16_t>(bits);
    }
}

#if defined(__x86_64__)

[[gnu::always_inline]] inline std::int32_t four_bytes(std::int8_t const* from) {
    std::int32_t word;
    std::memcpy(&word, from, sizeof word);
    return word;
}

[[gnu::target("avx2"), gnu::always_inline]] inline __m256i half_line(Line const& line, std::size_t half) {
    return _mm256_load_si256(reinterpret_cast<__m256i const*>(line.bytes.data()) + half);
}

template <std::size_t Probes>
[[gnu::target("avx2")]] void dots_avx2(Line const* lines, std::size_t groups, std::size_t lines_of_group,
                                       std::int8_t const* probes, std::int32_t const* offsets, std::int32_t* dots) {
    constexpr std::size_t k_at_once = Probes < 4 ? Probes : 4;  // as many as there are registers for
    __m256i const ones = _mm256_set1_epi16(1);
    for (std::size_t g = 0; g < groups; ++g, lines += lines_of_group) {
        for (std::size_t first = 0; first < Probes; first += k_at_once) {
            __m256i sums[k_at_once][2];
            for (std::size_t p = 0; p < k_at_once; ++p)
                sums[p][0] = sums[p][1] = _mm256_set1_epi32(offsets[first + p]);
            for (std::size_t line = 0; line < lines_of_group; ++line) {
                __m256i const low = half_line(lines[line], 0);
                __m256i const high = half_line(lines[line], 1);
                for (std::size_t p = 0; p < k_at_once; ++p) {
                    auto const probe = _mm256_set1_epi32(four_bytes(probes + (line * Probes + first + p) * k_line_dimensions));
                    sums[p][0] = _mm256_add_epi32(sums[p][0], _mm256_madd_epi16(_mm256_maddubs_epi16(low, probe), ones));
                    sums[p][1] = _mm256_add_epi32(sums[p][1], _mm256_madd_epi16(_mm256_maddubs_epi16(high, probe), ones));
                }
            }
            for (std::size_t p = 0; p < k_at_once; ++p) {
                auto* const to = reinterpret_cast<__m256i*>(dots + ((first + p) * groups + g) * k_group_rows);
                _mm256_storeu_si256(to, sums[p][0]);
                _mm256_storeu_si256(to + 1, sums[p][1]);
            }
        }
    }
}

[[gnu::target("avx2")]] void keep_avx2(std::int32_t const* dots, std::size_t groups, float const* factors, float const* constants,
                                       float const* least, std::uint16_t* kept) {
    constexpr std::size_t k_lanes = 8;
    for (std::size_t g = 0; g < groups; ++g) {
        auto const factor = _mm256_set1_ps(factors[g]);
        auto const constant = _mm256_set1_ps(constants[g]);
        unsigned bits = 0;
        for (std::size_t half = 0; half < 2; ++half) {
            auto const at = g * k_group_rows + half * k_lanes;
            auto const dot = _mm256_cvtepi32_ps(_mm256_loadu_si256(reinterpret_cast<__m256i const*>(dots + at)));
            auto const value = _mm256_add_ps(_mm256_mul_ps(dot, factor), constant);
            auto const mask = _mm256_cmp_ps(value, _mm256_loadu_ps(least + at), _CMP_GE_OQ);
            bits |= static_cast<unsigned>(_mm256_movemask_ps(mask)) << (half * k_lanes);
        }
        kept[g] = static_cast<std::uint16_t>(bits);
    }
}

#define BIOCTL_VNNI "avx512f,avx512vnni"

/// `Groups` at once, so that enough sums are under way to hide how long one takes.
template <std::size_t Probes, std::size_t Groups>
[[gnu::target(BIOCTL_VNNI), gnu::always_inline]] inline void dots_of_groups(Line const* lines, std::size_t lines_of_group,
                                                                            std::int8_t const* probes,
                                                                            std::int32_t const* offsets, std::int32_t* dots,
                                                                            std::size_t dots_of_probe) {
    __m512i sums[Groups][Probes];
    for (std::size_t p = 0; p < Probes; ++p) {
        for (std::size_t g = 0; g < Groups; ++g)
            sums[g][p] = _mm512_set1_epi32(offsets[p]);
    }
    for (std::size_t line = 0; line < lines_of_group; ++line) {
        __m512i rows[Groups];
        for (std::size_t g = 0; g < Groups; ++g)
            rows[g] = _mm512_load_si512(lines[g * lines_of_group + line].bytes.data());
        for (std::size_t p = 0; p < Probes; ++p) {
            auto const probe = _mm512_set1_epi32(four_bytes(probes + (line * Probes + p) * k_line_dimensions));
            for (std::size_t g = 0; g < Groups; ++g)
                sums[g][p] = _mm512_dpbusd_epi32(sums[g][p], rows[g], probe);
        }
    }
    for (std::size_t p = 0; p < Probes; ++p) {
        for (std::size_t g = 0; g < Groups; ++g)
            _mm512_storeu_si512(dots + p * dots_of_probe + g * k_group_rows, sums[g][p]);
    }
}

template <std::size_t Probes>
[[gnu::target(BIOCTL_VNNI)]] void dots_avx512(Line const* lines, std::size_t groups, std::size_t lines_of_group,
                                              std::int8_t const* probes, std::int32_t const* offsets, std::int32_t* dots) {
    constexpr std::size_t k_at_once = Probes < 8 ? 4 : 2;
    std::size_t g = 0;
    for (; g + k_at_once <= groups; g += k_at_once) {
        dots_of_groups<Probes, k_at_once>(lines + g * lines_of_group, lines_of_group, probes, offsets, dots + g * k_group_rows,
                                          groups * k_group_rows);
    }
    for (; g < groups; ++g) {
        dots_of_groups<Probes, 1>(lines + g * lines_of_group, lines_of_group, probes, offsets, dots + g * k_group_rows,
                                  groups * k_group_rows);
    }
}

[[gnu::target(BIOCTL_VNNI)]] void keep_avx512(std::int32_t const* dots, std::size_t groups, float const* factors,
                                              float const* constants, float const* least, std::uint16_t* kept) {
    for (std::size_t g = 0; g < groups; ++g) {
        auto const dot = _mm512_cvtepi32_ps(_mm512_loadu_si512(dots + g * k_group_rows));
        auto const value = _mm512_fmadd_ps(dot, _mm512_set1_ps(factors[g]), _mm512_set1_ps(constants[g]));
        kept[g] = _mm512_cmp_ps_mask(value, _mm512_loadu_ps(least + g * k_group_rows), _CMP_GE_OQ);
    }
}

constexpr ByteKernels k_avx2{{dots_avx2<8>, dots_avx2<4>, dots_avx2<2>, dots_avx2<1>}, keep_avx2};
constexpr ByteKernels k_avx512{{dots_avx512<8>, dots_avx512<4>, dots_avx512<2>, dots_avx512<1>}, keep_avx512};

#endif

constexpr ByteKernels k_portable{{dots_portable<8>, dots_portable<4>, dots_portable<2>, dots_portable<1>}, keep_portable};

}  // namespace

std::string_view name_of(SearchPath path) {
    switch (path) {
        case SearchPath::every_row: return "every row";
        case SearchPath::portable: return "portable";
        case SearchPath::avx2: return "avx2";
        case SearchPath::avx512: return "avx512";
    }
    throw Error{Kind::bug, "a search path without a name"};
}

std::vector<SearchPath> search_paths() {
    std::vector<SearchPath> paths{SearchPath::every_row, SearchPath::portable};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) paths.push_back(SearchPath::avx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni")) paths.push_back(SearchPath::avx512);
#endif
    return paths;
}

ByteKernels const& byte_kernels(SearchPath path) {
    switch (path) {
        case SearchPath::portable: return k_portable;
#if defined(__x86_64__)
        case SearchPath::avx2:
            if (__builtin_cpu_supports("avx2")) return k_avx2;
            break;
        case SearchPath::avx512:
            if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni")) return k_avx512;
            break;
#else
        case SearchPath::avx2:
        case SearchPath::avx512: break;
#endif
        case SearchPath::every_row: break;
    }
    throw Error{Kind::bug, fmt::format("this processor has no byte kernels {}", name_of(path))};
}

}  // namespace bioctl::match
