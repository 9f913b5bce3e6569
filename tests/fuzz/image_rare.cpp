// TIFF, HEIC and AVIF, which the plugin reads.

#include "lib/image/photo.hpp"
#include "lib/image/plugin.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static bool const has_plugin = [] {
        image::set_plugin_dir(BIOCTL_PLUGIN_DIR);
        return true;
    }();
    constexpr image::Limits k_limits{.max_bytes = 1'000'000, .max_pixels = 250'000};
    auto const photo = image::decode(fuzz::bytes_of(data, size), {.limits = k_limits});
    fuzz::require(has_plugin && (!photo || photo->pixels.size() == photo->full_size), "a photo is whole");
    if (!photo) fuzz::require_message(photo.error().detail);
    return 0;
}
