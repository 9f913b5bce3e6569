#pragma once
// The smallest AVI file that players take: one stream of JPEGs, with an index.

#include <vector>

#include "lib/base/bytes.hpp"

namespace bioctl::film {

/// frames: JPEGs of width x height pixels. Source: Microsoft, "AVI RIFF File Reference".
[[nodiscard]] Bytes make_avi(std::vector<Bytes> const& frames, int width, int height, int frames_per_second);

}  // namespace bioctl::film
