#pragma once
// The nouns of palm/. Coordinates are pixels of the picture named at each place: x right, y down, the centre of the first pixel
// is (0, 0).

#include <string>
#include <string_view>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>
#include <tl/expected.hpp>

namespace bioctl::palm {

/// Which hand, if the palm faces the camera and the picture is not mirrored.
enum class Side { unknown, left, right };
[[nodiscard]] std::string_view name_of(Side side);

/// Why a picture gives no template.
enum class Reason {
    no_hand,      ///< nothing with the outline of an open hand
    bad_pose,     ///< a hand, but fingers are closed, cut off or hidden, or the palm is not all there
    two_hands,    ///< more than one, so that nobody knows whose it is
    too_small,    ///< the palm has fewer than 64 pixels across
    low_quality,  ///< the palm shows too few lines: blurred, too dark, overexposed, a glove, a drawing
};
/// "no_hand", "bad_pose", ... as machines read it.
[[nodiscard]] std::string_view name_of(Reason reason);

struct Refusal {
    Reason reason;
    std::string detail;  ///< one line for people, with what to do about it
};

template <class T>
class [[nodiscard]] Outcome : public tl::expected<T, Refusal> {
public:
    using tl::expected<T, Refusal>::expected;
};

/// The landmarks that hold the region. Pixels of the picture.
struct Valleys {
    cv::Point2f index, middle, little;  ///< between index and middle finger, middle and ring, ring and little finger
};

/// Where the palm is: a frame that any later cut is made in. Pixels of the picture.
///   x axis  from the valley at the index finger to the one at the little finger: this mirrors right hands onto left ones
///   y axis  at right angles to it, towards the wrist
struct Frame {
    cv::Point2f origin;  ///< half-way between the two outer valleys
    cv::Point2f x, y;    ///< of length 1
    float length = 0;    ///< distance of the two outer valleys

    [[nodiscard]] cv::Point2f at(float across, float down) const { return origin + (x * across + y * down) * length; }
};

/// How fit a palm is for recognition. Every part is 0..1, 1 = no objection; quality.hpp has the formulas.
struct Quality {
    float size = 0;
    float sharpness = 0;
    float exposure = 0;
    float outline = 0;  ///< how much the outline is that of an open, flat hand
    float score = 0;    ///< the smallest part
    /// The name of the smallest part.
    [[nodiscard]] char const* weakest() const;
};

/// What --annotate draws. Pixels of the picture.
struct Drawing {
    std::vector<cv::Point2f> contour;  ///< of the hand, closed
    std::vector<cv::Point2f> valleys;  ///< index, middle, little; then that of the thumb if it is seen
    std::vector<cv::Point2f> region;   ///< four corners of the square that is compared, in order
};

}  // namespace bioctl::palm
