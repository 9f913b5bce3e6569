#pragma once
// How large the pictures inside a HEIC or AVIF file are, by their own bitstreams.

#include <cstdint>

#include "lib/image/rare_abi.hpp"

namespace bioctl::image {

/// Pixels of the largest picture that any item property claims: the sizes that the container tells ("ispe"), and those in the
/// parameter sets of HEVC ("hvcC") and AV1 ("av1C", or any within the item), which the decoder allocates for whatever the
/// container says. 0 if there is none. Sources: ISO/IEC 23008-12 (boxes), ITU-T H.265 7.3.2.2 (SPS), AV1 specification 5.5
/// (sequence header).
[[nodiscard]] std::uint64_t largest_heif_picture(RareFile file);

}  // namespace bioctl::image
