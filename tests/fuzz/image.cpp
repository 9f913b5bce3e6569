// JPEG, PNG, WebP and BMP.

#include "lib/base/text.hpp"
#include "lib/image/photo.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

namespace {

constexpr image::Limits k_limits{.max_bytes = 1'000'000, .max_pixels = 1'000'000};

void decode(ByteView file, int min_longer_side) {
    auto const photo = image::decode(file, {.limits = k_limits, .min_longer_side = min_longer_side});
    if (!photo) return fuzz::require_message(photo.error().detail);
    fuzz::require(photo->pixels.type() == CV_8UC3 && !photo->pixels.empty(), "a photo has pixels of 24 bits");
    fuzz::require(photo->full_size.area() <= 1'000'000, "no photo is beyond the limit");
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const file = fuzz::bytes_of(data, size);
    if (auto const header = image::read_header(file, k_limits); !header) {
        fuzz::require_message(header.error().detail);
        return 0;
    }
    decode(file, 0);
    decode(file, 8);  // at a reduced scale
    return 0;
}
