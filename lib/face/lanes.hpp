#pragma once
// What the first layers' own loops share: a convolution of 3 x 3, the slope of its activation, and vectors of channels.

#include <cstddef>

namespace bioctl::face {

inline constexpr std::size_t k_kernel = 3;
inline constexpr float k_leak = 0.1F;

// As many channels as one register holds.
using Four [[gnu::vector_size(16)]] = float;
using Eight [[gnu::vector_size(32)]] = float;
using Sixteen [[gnu::vector_size(64)]] = float;

}  // namespace bioctl::face
