#pragma once
// How fit a palm is for recognition. Each part is 0..1 and the smallest one counts.

#include "lib/palm/hand.hpp"
#include "lib/palm/region.hpp"
#include "lib/palm/types.hpp"

namespace bioctl::palm {

/// contrast   of gabor.hpp: how strong the lines are next to the palm's grey level
///
/// size       64 pixels of the picture across the square or less: 0; 192 or more: 1
/// sharpness  contrast .004 .. .012 rising: below, the skin shows no lines
/// exposure   mean grey level 15..60 rising, 250..225 falling; and the share of pixels at 254 or more: .02..0.30 falling
/// outline    cost of the hand 8..3 rising
[[nodiscard]] Quality assess(Hand const& hand, Region const& region, float contrast);

}  // namespace bioctl::palm
