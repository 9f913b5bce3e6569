#pragma once
// What the pictures inside a HEIC or AVIF file are made of.

#include "lib/image/rare_abi.hpp"

namespace bioctl::image {

/// Whether each picture of the file comes to an end: made of others ("dimg"), with an opacity that is another ("auxl"), in at
/// most eight steps, never of itself, and of at most 100,000 in all. libheif 1.15 follows such references without looking back,
/// each in a thread of its own. Source: ISO/IEC 14496-12, 8.11.12 ("iref").
[[nodiscard]] bool can_be_put_together(RareFile file);

}  // namespace bioctl::image
