#pragma once
// Latitudes and longitudes as people and spreadsheets write them.

#include <string_view>

#include "lib/base/result.hpp"

namespace bioctl::ont {

enum class Axis { latitude, longitude };

/// Degrees, south and west negative. Understood: "-7.7956", "-7,7956", "7.7956 S", "S 7.7956°", "7°47'44.2\" S", "7 47 44.2 S",
/// "-7° 47.737'", with typographic signs and blanks anywhere. Kind::data says what is wrong: no number, a compass letter of the
/// other axis, minutes or seconds of 60 and more, beyond 90 or 180 degrees.
[[nodiscard]] Result<double> parse_coordinate(std::string_view text, Axis axis);

}  // namespace bioctl::ont
