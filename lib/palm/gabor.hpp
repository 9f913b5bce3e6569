#pragma once
// From the region to its code. Private to palm/.
//
// source  Daugman, "Uncertainty relation for resolution in space, spatial frequency, and orientation", 1985 (the filter); Guo et
// al.,
//         "Palmprint verification using binary orientation co-occurrence vector", 2009 (the sign of each orientation's response).

#include "lib/match/code.hpp"
#include "lib/palm/region.hpp"

namespace bioctl::palm {

struct Coded {
    match::Code code;
    float contrast = 0;  ///< mean strength of the strongest orientation over valid cells, relative to their mean grey level
};

/// A cell is four pixels wide; its bit in plane k is set where the filter at k * 30 degrees answers below zero: a dark line lies
/// across it. A cell is valid where it shows the hand.
[[nodiscard]] Coded encode(Region const& region);

}  // namespace bioctl::palm
