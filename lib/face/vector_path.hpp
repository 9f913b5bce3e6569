#pragma once
// Loops that are compiled for several kinds of processors, and chosen at run time.

#include <string_view>
#include <vector>

namespace bioctl::face {

/// `portable` runs everywhere.
enum class VectorPath { portable, avx2, avx512 };
[[nodiscard]] std::string_view name_of(VectorPath path);
/// What this processor can, slowest first.
[[nodiscard]] std::vector<VectorPath> vector_paths();
/// Error{bug} if this processor cannot.
void require(VectorPath path);

}  // namespace bioctl::face
