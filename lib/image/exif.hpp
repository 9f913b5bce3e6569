#pragma once
// The one thing bioctl wants from EXIF: which side is up.

#include "lib/base/bytes.hpp"

namespace bioctl::image {

/// Orientation 1..8 out of an EXIF block (a TIFF structure, with or without the "Exif\0\0" before it); 1 when there is none or
/// the block is damaged: a photo is not refused for its remarks.
[[nodiscard]] int exif_orientation(ByteView exif);

}  // namespace bioctl::image
