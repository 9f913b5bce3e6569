#pragma once
// The loops of shrink.cpp, for several kinds of processors. Each gives the same sums to the last bit: products are rounded before
// they are added, which is why the file is compiled without contraction to FMA.

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "lib/base/vector_path.hpp"

namespace bioctl::image {

/// The pixels of a line that each pixel of the shrunk line covers, wholly or in part: as many for each, the last ones perhaps
/// with a weight of 0 and beyond the end of the line.
struct Spans {
    int count;                   ///< of pixels in each, at least 1
    std::vector<int> first;      ///< of each
    std::vector<float> weights;  ///< count of each, in order
};

// Pixels are B, G, R here, and of four where they are sums: the fourth does not matter.
inline constexpr std::size_t k_shrink_channels = 3;
inline constexpr std::size_t k_shrink_lanes = 4;

/// Of this many rows at a time the weights are read once, and sums need not wait for each other.
inline constexpr std::size_t k_shrink_rows = 4;
/// Bytes that a kernel may read behind the last pixel of each row: it reads 16 at once, and a pixel of weight 0.
inline constexpr std::size_t k_shrink_slack = 24;

struct ShrinkKernels {
    using Rows = std::array<unsigned char const*, k_shrink_rows>;
    using Lines = std::array<float*, k_shrink_rows>;

    /// For each span its pixels' sums by weight: lines[row][span * k_shrink_lanes + channel].
    void (*across)(Spans const& columns, Rows const& rows, Lines const& lines);
    /// sums = line * weight.
    void (*begin)(std::span<float const> line, float weight, float* sums);
    /// sums += line * weight.
    void (*add)(std::span<float const> line, float weight, float* sums);
    /// To the nearest byte, of halves to the even one. 0 <= sums < 255.5; to: 3 bytes for 4 sums.
    void (*write)(std::span<float const> sums, unsigned char* to);
};

/// For columns of that count. Error{bug} if this processor has no such path.
[[nodiscard]] ShrinkKernels shrink_kernels(VectorPath path, int count);

}  // namespace bioctl::image
