#pragma once
// Whether a reading of an outline is that of a hand, rather than of hair, clothes or leaves. Private to palm/.

#include <opencv2/core/types.hpp>

#include "lib/palm/fingers.hpp"
#include "lib/palm/outline.hpp"

namespace bioctl::palm {

enum class Verdict {
    hand,
    not_a_hand,
    covered,  ///< a hand, but its palm is not all there
};

/// The bounds are wider than what the hands of tests/bench/palm.md show, because one set of hands is not mankind.
[[nodiscard]] Verdict judge(Blob const& blob, Reading const& reading);

/// Side of the square that is compared, and how far behind the valleys its middle is, in valley distances.
inline constexpr float k_region_side = 1.30F;
inline constexpr float k_region_down = .75F;

}  // namespace bioctl::palm
