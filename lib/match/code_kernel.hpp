#pragma once
// The counting loops under distance() of codes. Private to match/.

#include <array>
#include <cstdint>

#include "lib/match/code.hpp"

namespace bioctl::match {

/// For every shift, column by column: overlap << 16 | differing bits. At most 1024 and 6144.
using CodeCounts = std::array<std::uint32_t, k_code_shifts>;
using CodeKernel = void (*)(CodeProbe const& probe, Code const& code, CodeCounts& counts);

[[nodiscard]] CodeKernel kernel_of(CodePath path);

inline constexpr std::size_t k_shifts_of_column = 2 * k_code_reach + 1;

}  // namespace bioctl::match
