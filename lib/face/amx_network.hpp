#pragma once
// Residual networks such as dlib's on AMX. See amx.hpp for how exact that is.

#include <memory>

#include "lib/face/graph.hpp"
#include "lib/face/network.hpp"

namespace bioctl::face {

/// Null if this processor or its kernel has no AMX, or the graph is another: a convolution of three channels and a maximum,
/// blocks of two convolutions of 3 x 3 and a short cut, an average and a fully connected layer without bias. A vector does not
/// depend on the size of the batch it came in.
[[nodiscard]] std::shared_ptr<Network> make_amx_network(Graph const& graph);

}  // namespace bioctl::face
