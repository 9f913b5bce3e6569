// Latitudes and longitudes as people write them.

#include <cmath>

#include "lib/ont/coordinates.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;
using ont::Axis;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = fuzz::text_of(data, size);
    for (auto const axis : {Axis::latitude, Axis::longitude}) {
        auto const degrees = ont::parse_coordinate(text, axis);
        if (fuzz::is_taken(degrees))
            fuzz::require(std::abs(*degrees) <= (axis == Axis::latitude ? 90 : 180), "a coordinate is on the globe");
    }
    return 0;
}
