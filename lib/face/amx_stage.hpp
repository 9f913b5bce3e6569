#pragma once
// Separable layers on AMX. See amx.hpp for how exact that is.

#include <memory>

#include "lib/face/feature_stage.hpp"

namespace bioctl::face {

/// Null if this processor or its kernel has no AMX. Channels: a multiple of 16; Error{bug} for others, for weights of other
/// sizes, and for scales that are not positive.
[[nodiscard]] std::unique_ptr<FeatureStage> make_amx_stage(SeparableLayer const& layer);

}  // namespace bioctl::face
