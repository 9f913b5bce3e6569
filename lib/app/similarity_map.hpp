#pragma once
// Vectors on a sheet of paper: near ones near.

#include <array>
#include <span>
#include <vector>

namespace bioctl::app {

/// The first two principal components of the unit vectors, scaled to 0..1; (.5, .5) for all if there is nothing to tell apart.
/// Deterministic.
[[nodiscard]] std::vector<std::array<double, 2>> similarity_map(std::span<std::vector<float> const* const> vectors);

}  // namespace bioctl::app
