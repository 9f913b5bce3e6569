#pragma once
// The reference: a Graph run by the loops of its definition, slow and obvious.

#include <span>
#include <vector>

#include "lib/face/graph.hpp"

namespace bioctl::test {

[[nodiscard]] std::vector<float> run_plainly(face::Graph const& graph, std::span<float const> input, int batch);

}  // namespace bioctl::test
