#pragma once
// Are these two the same palm?

#include <string_view>

#include "lib/app/compare.hpp"
#include "lib/app/references.hpp"
#include "lib/palm/types.hpp"

namespace bioctl::app {

/// The palm of a photo that is to be compared, or why there is none. Throws Error as image::Failure says, naming the photo.
[[nodiscard]] palm::Outcome<PalmFeatures> palm_probe_of(PhotoSource const& source, image::Limits const& limits);

/// 1:1. The probe is turned and scaled a little, the other one stays as it was found; so the other way round the distance may be
/// a little different.
[[nodiscard]] Comparison compare_palms(PalmFeatures const& probe, palm::Template const& enrolled, float threshold);

/// The nearest palm of one person. Throws Error{no_input} if there is no such person, or none of the person's templates is a palm
/// of the present pipeline.
[[nodiscard]] Comparison compare_with_palms_of(store::Store& store, PalmFeatures const& probe, std::string_view person_id,
                                               float threshold);

}  // namespace bioctl::app
