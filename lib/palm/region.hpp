#pragma once
// The square of the palm that is compared, turned and scaled to a common size.

#include <opencv2/core/mat.hpp>

#include "lib/palm/hand.hpp"
#include "lib/palm/types.hpp"

namespace bioctl::palm {

inline constexpr int k_region_pixels = 128;  ///< side of the square
inline constexpr int k_margin_pixels = 20;   ///< of the true surroundings on each side, so that filters see skin at the rim

/// A small change of the frame, about the middle of the square: hands bend, so valleys are never quite where they were.
struct Pose {
    float turn_deg = 0;
    float scale = 1;  ///< above 1 shows more of the palm
};

struct Region {
    cv::Mat grey;   ///< CV_32FC1 0..255, 168 x 168: the square and its margin; fingers up, index finger left
    cv::Mat valid;  ///< CV_8UC1, same size, 255 where it shows the hand
};

/// picture: the one the hand was found in, CV_8UC3 BGR. Grey levels are left as they are: the filters after it have no mean.
[[nodiscard]] Region cut_region(cv::Mat const& picture, Hand const& hand, Pose const& pose = {});

/// Pixels of the picture along one side of the square.
[[nodiscard]] float region_side(Frame const& frame);

/// Corners of the square in the picture, in order.
[[nodiscard]] std::vector<cv::Point2f> region_corners(Frame const& frame);

}  // namespace bioctl::palm
