#include "lib/image/shrink_kernels.hpp"

#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace bioctl::image {

namespace {

void across_portable(Spans const& columns, ShrinkKernels::Rows const& rows, ShrinkKernels::Lines const& lines) {
    using Pixel [[gnu::vector_size(16)]] = float;
    auto const* weight = columns.weights.data();
    std::size_t to = 0;
    for (int const first : columns.first) {
        std::array<Pixel, k_shrink_rows> sum{};
        auto from = static_cast<std::size_t>(first) * k_shrink_channels;
        for (int i = 0; i < columns.count; ++i, from += k_shrink_channels, ++weight) {
            for (std::size_t row = 0; row < k_shrink_rows; ++row) {
                auto const* const at = rows[row] + from;
                sum[row] += Pixel{static_cast<float>(at[0]), static_cast<float>(at[1]), static_cast<float>(at[2]), 0} * *weight;
            }
        }
        for (std::size_t row = 0; row < k_shrink_rows; ++row)
            std::memcpy(lines[row] + to, &sum[row], sizeof sum[row]);
        to += k_shrink_lanes;
    }
}

[[gnu::always_inline]] inline void begin_line(std::span<float const> line, float weight, float* sums) {
    auto const* const from = line.data();
    for (std::size_t i = 0; i < line.size(); ++i)
        sums[i] = from[i] * weight;
}

[[gnu::always_inline]] inline void add_line(std::span<float const> line, float weight, float* sums) {
    auto const* const from = line.data();
    for (std::size_t i = 0; i < line.size(); ++i)
        sums[i] += from[i] * weight;
}

void begin_portable(std::span<float const> line, float weight, float* sums) {
    begin_line(line, weight, sums);
}

void add_portable(std::span<float const> line, float weight, float* sums) {
    add_line(line, weight, sums);
}

void write_portable(std::span<float const> sums, unsigned char* to) {
    // Adding 1.5 * 2^23 leaves the nearest integer, of halves the even one, in the lowest bits.
    constexpr float k_rounder = 12582912.0F;
    for (std::size_t i = 0; i < sums.size(); i += k_shrink_lanes) {
        for (std::size_t channel = 0; channel < k_shrink_channels; ++channel) {
            float const rounded = sums[i + channel] + k_rounder;
            std::uint32_t bits = 0;
            std::memcpy(&bits, &rounded, sizeof bits);
            *to++ = static_cast<unsigned char>(bits);
        }
    }
}

#if defined(__x86_64__)

// 16 bytes are five pixels. Of each that is where its three bytes go, one in each lane of 32 bits.
constexpr int k_pixels_read = 5;
struct alignas(16) Pick {
    std::array<unsigned char, 16> bytes;
};
constexpr Pick pick_of(unsigned char pixel) {
    constexpr unsigned char k_zero = 0x80;
    Pick pick{};
    pick.bytes.fill(k_zero);
    for (unsigned char channel = 0; channel < k_shrink_channels; ++channel)
        pick.bytes[channel * sizeof(float)] = static_cast<unsigned char>(pixel * k_shrink_channels + channel);
    return pick;
}
constexpr std::array<Pick, k_pixels_read> k_picks{pick_of(0), pick_of(1), pick_of(2), pick_of(3), pick_of(4)};

[[gnu::always_inline]] inline __m128i load(unsigned char const* from) {
    return _mm_loadu_si128(reinterpret_cast<__m128i const*>(from));
}

[[gnu::always_inline]] inline __m128i pick(int pixel) {
    return _mm_load_si128(reinterpret_cast<__m128i const*>(&k_picks[static_cast<std::size_t>(pixel)]));
}

[[gnu::target("avx2"), gnu::always_inline]] inline __m256i two_rows(unsigned char const* a, unsigned char const* b) {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(load(a)), load(b), 1);
}

[[gnu::target("avx2"), gnu::always_inline]] inline __m256 weighed(__m256i bytes, __m256i pixel, __m256 weight) {
    return _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_shuffle_epi8(bytes, pixel)), weight);
}

/// Adds as many pixels of two rows and two rows.
template <int pixels>
[[gnu::target("avx2"), gnu::always_inline]] inline void add_pixels(ShrinkKernels::Rows const& rows, std::size_t from,
                                                                   float const* weights, __m256& upper, __m256& lower) {
    auto const a = two_rows(rows[0] + from, rows[1] + from);
    auto const b = two_rows(rows[2] + from, rows[3] + from);
#pragma GCC unroll 5
    for (int i = 0; i < pixels; ++i) {
        auto const pixel = _mm256_broadcastsi128_si256(pick(i));
        auto const weight = _mm256_broadcast_ss(weights + i);
        upper = _mm256_add_ps(upper, weighed(a, pixel, weight));
        lower = _mm256_add_ps(lower, weighed(b, pixel, weight));
    }
}

/// rest   columns.count is that many more than a multiple of five
template <int rest>
[[gnu::target("avx2")]] void across_avx2(Spans const& columns, ShrinkKernels::Rows const& rows,
                                         ShrinkKernels::Lines const& lines) {
    auto const* weight = columns.weights.data();
    auto const fives = columns.count / k_pixels_read;
    std::size_t to = 0;
    for (int const first : columns.first) {
        auto upper = _mm256_setzero_ps();
        auto lower = upper;
        auto from = static_cast<std::size_t>(first) * k_shrink_channels;
        for (int i = 0; i < fives; ++i, from += k_pixels_read * k_shrink_channels, weight += k_pixels_read)
            add_pixels<k_pixels_read>(rows, from, weight, upper, lower);
        if constexpr (rest > 0) add_pixels<rest>(rows, from, weight, upper, lower);
        weight += rest;
        _mm_storeu_ps(lines[0] + to, _mm256_castps256_ps128(upper));
        _mm_storeu_ps(lines[1] + to, _mm256_extractf128_ps(upper, 1));
        _mm_storeu_ps(lines[2] + to, _mm256_castps256_ps128(lower));
        _mm_storeu_ps(lines[3] + to, _mm256_extractf128_ps(lower, 1));
        to += k_shrink_lanes;
    }
}

[[gnu::target("avx2")]] void begin_avx2(std::span<float const> line, float weight, float* sums) {
    begin_line(line, weight, sums);
}

[[gnu::target("avx2")]] void add_avx2(std::span<float const> line, float weight, float* sums) {
    add_line(line, weight, sums);
}

[[gnu::target("avx2"), gnu::always_inline]] inline __m128i whole(float const* sums) {
    return _mm_cvtps_epi32(_mm_loadu_ps(sums));
}

[[gnu::target("avx2")]] void write_avx2(std::span<float const> sums, unsigned char* to) {
    constexpr std::size_t k_pixels = 4;
    auto const together = _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
    std::size_t i = 0;
    for (; i + k_pixels * k_shrink_lanes <= sums.size(); i += k_pixels * k_shrink_lanes, to += k_pixels * k_shrink_channels) {
        auto const* const from = sums.data() + i;
        auto const bytes =
            _mm_packus_epi16(_mm_packs_epi32(whole(from), whole(from + 4)), _mm_packs_epi32(whole(from + 8), whole(from + 12)));
        auto const packed = _mm_shuffle_epi8(bytes, together);
        std::memcpy(to, &packed, k_pixels * k_shrink_channels);
    }
    write_portable(sums.subspan(i), to);
}

[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline __m512i four_rows(ShrinkKernels::Rows const& rows,
                                                                                 std::size_t from) {
    auto all = _mm512_castsi128_si512(load(rows[0] + from));
    all = _mm512_inserti32x4(all, load(rows[1] + from), 1);
    all = _mm512_inserti32x4(all, load(rows[2] + from), 2);
    return _mm512_inserti32x4(all, load(rows[3] + from), 3);
}

template <int pixels>
[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline void add_pixels(ShrinkKernels::Rows const& rows, std::size_t from,
                                                                               float const* weights, __m512& sum) {
    auto const bytes = four_rows(rows, from);
#pragma GCC unroll 5
    for (int i = 0; i < pixels; ++i) {
        auto const values = _mm512_cvtepi32_ps(_mm512_shuffle_epi8(bytes, _mm512_broadcast_i32x4(pick(i))));
        sum = _mm512_add_ps(sum, _mm512_mul_ps(values, _mm512_set1_ps(weights[i])));
    }
}

template <int rest>
[[gnu::target("avx512f,avx512bw")]] void across_avx512(Spans const& columns, ShrinkKernels::Rows const& rows,
                                                       ShrinkKernels::Lines const& lines) {
    auto const* weight = columns.weights.data();
    auto const fives = columns.count / k_pixels_read;
    std::size_t to = 0;
    for (int const first : columns.first) {
        auto sum = _mm512_setzero_ps();
        auto from = static_cast<std::size_t>(first) * k_shrink_channels;
        for (int i = 0; i < fives; ++i, from += k_pixels_read * k_shrink_channels, weight += k_pixels_read)
            add_pixels<k_pixels_read>(rows, from, weight, sum);
        if constexpr (rest > 0) add_pixels<rest>(rows, from, weight, sum);
        weight += rest;
        _mm_storeu_ps(lines[0] + to, _mm512_castps512_ps128(sum));
        _mm_storeu_ps(lines[1] + to, _mm512_extractf32x4_ps(sum, 1));
        _mm_storeu_ps(lines[2] + to, _mm512_extractf32x4_ps(sum, 2));
        _mm_storeu_ps(lines[3] + to, _mm512_extractf32x4_ps(sum, 3));
        to += k_shrink_lanes;
    }
}

[[gnu::target("avx512f,avx512bw,prefer-vector-width=512")]] void begin_avx512(std::span<float const> line, float weight,
                                                                              float* sums) {
    begin_line(line, weight, sums);
}

[[gnu::target("avx512f,avx512bw,prefer-vector-width=512")]] void add_avx512(std::span<float const> line, float weight,
                                                                            float* sums) {
    add_line(line, weight, sums);
}

/// The loop that has no remainder but this one's: a branch that goes now here, now there costs more than a pixel of weight 0.
using Across = decltype(ShrinkKernels::across);
constexpr std::array<Across, k_pixels_read> k_across_avx2{across_avx2<0>, across_avx2<1>, across_avx2<2>, across_avx2<3>,
                                                          across_avx2<4>};
constexpr std::array<Across, k_pixels_read> k_across_avx512{across_avx512<0>, across_avx512<1>, across_avx512<2>,
                                                            across_avx512<3>, across_avx512<4>};

#endif

}  // namespace

ShrinkKernels shrink_kernels(VectorPath path, [[maybe_unused]] int count) {
    require(path);
#if defined(__x86_64__)
    auto const rest = static_cast<std::size_t>(count % k_pixels_read);
    if (path >= VectorPath::avx512) return {k_across_avx512[rest], begin_avx512, add_avx512, write_avx2};
    if (path == VectorPath::avx2) return {k_across_avx2[rest], begin_avx2, add_avx2, write_avx2};
#endif
    return {across_portable, begin_portable, add_portable, write_portable};
}

}  // namespace bioctl::image
