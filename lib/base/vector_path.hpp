#pragma once
// Loops that are compiled for several kinds of processors, and chosen at run time.

#include <string_view>
#include <vector>

namespace bioctl {

/// `portable` runs everywhere; a processor that can one of them can those before it. `avx2` has FMA, `avx512` bytes and words,
/// and `avx512_vnni` sums of four products of bytes.
enum class VectorPath { portable, avx2, avx512, avx512_vnni };
[[nodiscard]] std::string_view name_of(VectorPath path);
/// What this processor can, slowest first.
[[nodiscard]] std::vector<VectorPath> vector_paths();
/// Error{bug} if this processor cannot.
void require(VectorPath path);

}  // namespace bioctl
