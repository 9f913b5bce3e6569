#pragma once
// The codecs inside the module, and what they share.

#include <cstdio>

#include "lib/image/rare_abi.hpp"

namespace bioctl::image {

extern RareCodec const k_tiff_codec;
extern RareCodec const k_heif_codec;

/// Notes the failure; returns 0 for the function that failed.
inline int fail(RareFailure& failure, char const* text) {
    std::snprintf(failure.text, sizeof failure.text, "%s", text);
    return 0;
}

/// Colour over white; `colour` is not premultiplied.
inline unsigned char on_white(unsigned colour, unsigned alpha) {
    return static_cast<unsigned char>((colour * alpha + 255 * (255 - alpha) + 127) / 255);
}
/// The same for premultiplied colour.
inline unsigned char premultiplied_on_white(unsigned colour, unsigned alpha) {
    unsigned const sum = colour + 255 - alpha;
    return static_cast<unsigned char>(sum < 255 ? sum : 255);
}

}  // namespace bioctl::image
