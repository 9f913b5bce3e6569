// The sizes inside HEIC and AVIF files, which are read before libheif sees the file.

#include "lib/image/rare_heif_items.hpp"
#include "lib/image/rare_heif_sizes.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static_cast<void>(bioctl::image::largest_heif_picture({data, size}));
    static_cast<void>(bioctl::image::can_be_put_together({data, size}));
    return 0;
}
