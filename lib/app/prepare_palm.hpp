#pragma once
// The palm's half of prepare(). Private to app/.

#include "lib/app/enrol.hpp"

namespace bioctl::app {

/// Decodes, finds the palm, applies min_quality and cuts the portrait.
[[nodiscard]] PreparedPhoto prepare_palm(ByteView file, Sha256 const& digest, EnrolRules const& rules,
                                         image::Limits const& limits);

}  // namespace bioctl::app
