#pragma once
// Hands to test with, drawn: the outline of an open hand, and lines in its palm that differ from person to person.

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace bioctl::test {

struct DrawnHand {
    unsigned person = 1;  ///< decides the lines of the palm
    unsigned shot = 0;    ///< decides noise, and how the hand lies
    bool is_left = false;
    bool has_thumb = true;
    bool has_lines = true;    ///< false: a glove, a cut-out
    bool has_fingers = true;  ///< false: a fist
    float turn_deg = 0;       ///< clockwise in the picture; 0 = fingers up
    float length = 100;       ///< pixels between the outer finger valleys; the hand is about 4 high and 3.4 wide of these
    cv::Point2f middle{};     ///< where the middle between those valleys lies
};

/// A plain background, CV_8UC3 BGR.
[[nodiscard]] cv::Mat dark_cloth(int width, int height);

/// Draws the hand into the picture.
void draw_hand(cv::Mat& picture, DrawnHand const& hand);

/// Where the drawing puts the outer valleys: index finger first. What a search should find, within a tenth of their distance.
[[nodiscard]] std::pair<cv::Point2f, cv::Point2f> drawn_valleys(DrawnHand const& hand);

/// One hand in the middle of a picture of 800 x 600: the usual case.
[[nodiscard]] cv::Mat hand_photo(unsigned person, unsigned shot = 0, float turn_deg = 0);

}  // namespace bioctl::test
