#pragma once
// Photos of palms made harder: altered as a whole, and the hand put before another background.

#include <functional>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace bioctl::bench {

struct Change {
    std::string name;
    std::function<cv::Mat(cv::Mat const&)> apply;
};

/// None, mirrored, 640 x 480, JPEG quality 40, both, darker, blurred, and turns by 30 degrees all round.
[[nodiscard]] std::vector<Change> changes();

/// What a hand may be held before. Everything but `photo` is drawn.
enum class Background { desk, wood, cloth, skin_tone, cardboard, clutter, photo };
inline constexpr int k_backgrounds = 7;
[[nodiscard]] char const* name_of(Background background);

/// A background alone, CV_8UC3. `photo` is stretched to the size where it is asked for.
[[nodiscard]] cv::Mat make_background(Background background, cv::Size size, unsigned seed, cv::Mat const& photo);

/// The hand inside the contour, seen at a tilt of up to 20 degrees, .6 to 1 times its size, in other light, before the
/// background.
[[nodiscard]] cv::Mat composite(cv::Mat const& picture, std::vector<cv::Point2f> const& contour, cv::Mat background,
                                unsigned seed);

/// The hand with its thumb painted over by the colour of the background.
[[nodiscard]] cv::Mat without_thumb(cv::Mat const& picture, std::vector<cv::Point2f> const& contour, cv::Point2f thumb_valley,
                                    cv::Point2f index_valley, cv::Point2f towards_wrist);

}  // namespace bioctl::bench
