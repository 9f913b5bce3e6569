// Which side is up, of cameras.

#include "lib/image/exif.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const orientation = image::exif_orientation(fuzz::bytes_of(data, size));
    fuzz::require(orientation >= 1 && orientation <= 8, "there are eight orientations");
    return 0;
}
