#pragma once
// The limit that a forward pass is held against.

namespace bioctl::bench {

struct FmaPeak {
    double gflops = 0;      ///< 10^9 operations a second of one core, a fused multiply-add counting as two
    char const* name = "";  ///< of the instructions it was reached with: "AVX-512", "AVX2"
};

/// The best of `rounds` rounds of some 20 ms of independent multiply-adds in registers, with the widest vectors this processor
/// has. Per second of processor time, so that others' work does not count. Zero on a processor without AVX2 and FMA.
[[nodiscard]] FmaPeak measure_fma_peak(int rounds);

}  // namespace bioctl::bench
