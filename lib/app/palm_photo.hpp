#pragma once
// Photos of palms: from the bytes of a file to what lib/palm finds on them.

#include <optional>

#include "lib/app/photos.hpp"
#include "lib/palm/engine.hpp"

namespace bioctl::app {

struct PalmPhoto {
    palm::Outcome<palm::Capture> palm;  ///< its drawing is in pixels of the upright photo at full resolution
    cv::Mat pixels;                     ///< CV_8UC3 BGR, upright, reduced by `scale`
    float scale = 1;                    ///< multiply a length in `pixels` by this to get it at full resolution
    cv::Size size;                      ///< of the upright photo at full resolution
};

/// Decodes a photo, reduced where that is enough, and looks for a palm. Any failure of a library on this photo is an
/// image::Failure: one odd file must not end a batch. Any thread.
[[nodiscard]] image::Outcome<PalmPhoto> look_for_palm(ByteView file, image::Limits const& limits, palm::Search search);

/// Around the whole hand.
[[nodiscard]] Box box_of(palm::Drawing const& drawing, cv::Size picture);

/// JPEG of the hand with some of its surroundings: enough to find the palm in it again.
[[nodiscard]] Bytes portrait_of(PalmPhoto const& photo);

}  // namespace bioctl::app
