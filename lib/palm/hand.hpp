#pragma once
// The hand in a picture, or why there is none.

#include <optional>

#include <opencv2/core/mat.hpp>

#include "lib/palm/types.hpp"

namespace bioctl::palm {

struct Hand {
    Frame frame;
    Side side = Side::unknown;  ///< unknown: no thumb is seen, or one at each side; the frame may be mirrored
    Valleys valleys;
    std::optional<cv::Point2f> thumb_valley;
    std::vector<cv::Point2f> contour;
    float cost = 0;  ///< how far the outline is from an ideal one: below 1 is good, above 4 odd
};

/// picture: CV_8UC3 BGR, upright or turned by any angle. The answer is in its pixels; the search works on a copy whose longer
/// side is at most 640. Thread-safe.
[[nodiscard]] Outcome<Hand> find_hand(cv::Mat const& picture);

}  // namespace bioctl::palm
