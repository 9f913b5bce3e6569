#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/error.hpp"
#include "lib/palm/types.hpp"

namespace bioctl::palm {

std::string_view name_of(Side side) {
    switch (side) {
        case Side::unknown: return "unknown";
        case Side::left: return "left";
        case Side::right: return "right";
    }
    throw Error{Kind::bug, "a side without a name"};
}

std::string_view name_of(Reason reason) {
    switch (reason) {
        case Reason::no_hand: return "no_hand";
        case Reason::bad_pose: return "bad_pose";
        case Reason::two_hands: return "two_hands";
        case Reason::too_small: return "too_small";
        case Reason::low_quality: return "low_quality";
    }
    throw Error{Kind::bug, "a reason without a name"};
}

char const* Quality::weakest() const {
    std::array<std::pair<float, char const*>, 4> const parts{
        {{size, "size"}, {sharpness, "sharpness"}, {exposure, "exposure"}, {outline, "outline"}}};
    return std::min_element(parts.begin(), parts.end(), [](auto const& a, auto const& b) { return a.first < b.first; })->second;
}

}  // namespace bioctl::palm
