#pragma once
// From the outline to fingertips, finger valleys and the frame of the palm. Private to palm/.
//
// source  the valleys between the fingers as landmarks: Zhang, Kong, You, Wong, "Online palmprint identification", 2003; the
//         distance from the palm's centre along the contour: Konukoglu, Yoruk, Darbon, Sankur, "Shape-based hand recognition",
//         2006.

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include <opencv2/core/types.hpp>

#include "lib/palm/outline.hpp"
#include "lib/palm/types.hpp"

namespace bioctl::palm {

/// A reading of the outline as an open hand.
struct Reading {
    Valleys valleys;
    std::optional<cv::Point2f> thumb_valley;
    std::array<cv::Point2f, 4> tips;  ///< index to little finger
    std::size_t all_tips = 0;         ///< of the outline, with the thumb's and corners of the arm
    Frame frame;
    Side side = Side::unknown;
    float cost = 0;  ///< 0 = as in the book; the smaller the better
};

/// What a reading without a thumb costs more.
inline constexpr float k_thumbless_cost = 3;

/// All readings of the blob that four fingers allow, cheapest first. One without a thumb comes in both directions, side unknown.
[[nodiscard]] std::vector<Reading> read_fingers(Blob const& blob);

}  // namespace bioctl::palm
