#pragma once
// The integer loops under Gallery::search(). Private to match/.
//
// Rows lie in groups of 16. A group is one line of 64 bytes for every 4 dimensions, in which bytes 4r .. 4r+3 are of row r: one
// instruction adds four products for each of 16 rows, and nothing is summed across lanes.

#include <array>
#include <cstddef>
#include <cstdint>

#include "lib/match/search_path.hpp"

namespace bioctl::match {

inline constexpr std::size_t k_group_rows = 16;
inline constexpr std::size_t k_line_dimensions = 4;
inline constexpr int k_row_bias = 128;     ///< a row's byte is its whole number + 128
inline constexpr int k_most_of_row = 127;  ///< whole numbers of a row: -127 .. 127
/// Those of a probe: -63 .. 63. Then two products, 2 * 255 * 63, fit the 16 bits that AVX2 adds them in.
inline constexpr int k_most_of_probe = 63;
/// 255 * 63 * 65536 fits 32 bits.
inline constexpr std::size_t k_most_dimensions = 65'536;

struct alignas(64) Line {
    std::array<std::uint8_t, k_group_rows * k_line_dimensions> bytes;
};

/// dots[(p * groups + g) * 16 + r] = <row r of group g, probe p> in whole numbers.
/// lines    groups x lines_of_group
/// probes   for every line, 4 bytes of each probe
/// offsets  for each probe: -128 * the sum of its numbers, which takes the bias of the rows away again
using DotKernel = void (*)(Line const* lines, std::size_t groups, std::size_t lines_of_group, std::int8_t const* probes,
                           std::int32_t const* offsets, std::int32_t* dots);

/// kept[g], bit r: dots[16 g + r] * factors[g] + constants[g] >= least[16 g + r], in floats; by which roundings is open.
using KeepKernel = void (*)(std::int32_t const* dots, std::size_t groups, float const* factors, float const* constants,
                            float const* least, std::uint16_t* kept);

struct ByteKernels {
    static constexpr std::array<std::size_t, 4> k_probes{8, 4, 2, 1};
    std::array<DotKernel, k_probes.size()> dots;  ///< of so many probes at once
    KeepKernel keep;
};

/// Error{bug} if this processor cannot, and for every_row.
[[nodiscard]] ByteKernels const& byte_kernels(SearchPath path);

}  // namespace bioctl::match
