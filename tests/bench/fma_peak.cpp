#include "tests/bench/fma_peak.hpp"

#include <algorithm>

#include <immintrin.h>

#include "tests/bench/rounds.hpp"

namespace bioctl::bench {

namespace {

// Two units times four cycles from operands to result want eight sums under way; twelve leave room for a slower chip.
constexpr int k_sums = 12;
constexpr int k_steps = 4'000'000;

float volatile g_kept;  // the sums end here, so that the loop cannot be left out

[[gnu::target("avx512f")]] double run_avx512() {
    __m512 sums[k_sums];
    for (auto& sum : sums)
        sum = _mm512_set1_ps(g_kept);
    __m512 const factor = _mm512_set1_ps(0.999F), addend = _mm512_set1_ps(0.001F);
    for (int step = 0; step < k_steps; ++step) {
#pragma GCC unroll 12
        for (auto& sum : sums)
            sum = _mm512_fmadd_ps(sum, factor, addend);
    }
    for (int i = 1; i < k_sums; ++i)
        sums[0] = _mm512_add_ps(sums[0], sums[i]);
    g_kept = _mm512_cvtss_f32(sums[0]);
    return 2.0 * 16 * k_sums * k_steps;
}

[[gnu::target("avx2,fma")]] double run_avx2() {
    __m256 sums[k_sums];
    for (auto& sum : sums)
        sum = _mm256_set1_ps(g_kept);
    __m256 const factor = _mm256_set1_ps(0.999F), addend = _mm256_set1_ps(0.001F);
    for (int step = 0; step < k_steps; ++step) {
#pragma GCC unroll 12
        for (auto& sum : sums)
            sum = _mm256_fmadd_ps(sum, factor, addend);
    }
    for (int i = 1; i < k_sums; ++i)
        sums[0] = _mm256_add_ps(sums[0], sums[i]);
    g_kept = _mm256_cvtss_f32(sums[0]);
    return 2.0 * 8 * k_sums * k_steps;
}

}  // namespace

FmaPeak measure_fma_peak(int rounds) {
    bool const has_avx512 = __builtin_cpu_supports("avx512f") != 0;
    if (!has_avx512 && !(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))) return {};
    FmaPeak peak{0, has_avx512 ? "AVX-512" : "AVX2"};
    for (int round = 0; round < rounds; ++round) {
        double const start = thread_ms();
        double const operations = has_avx512 ? run_avx512() : run_avx2();
        peak.gflops = std::max(peak.gflops, operations / 1e6 / (thread_ms() - start));
    }
    return peak;
}

}  // namespace bioctl::bench
