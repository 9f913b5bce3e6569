#pragma once
// Boxes and names drawn into a picture, for people to look at.

#include <span>
#include <string>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace bioctl::image {

struct Mark {
    cv::Rect box;       ///< pixels of the picture
    std::string text;   ///< UTF-8; characters outside ASCII are drawn as their base letter or '?'
    bool known = true;  ///< green, else red
};

/// Draws in place, CV_8UC3 BGR. Line width and letters follow the size of the picture.
void annotate(cv::Mat& picture, std::span<Mark const> marks);

/// A closed outline, in the colour of a Mark.
void trace(cv::Mat& picture, std::span<cv::Point2f const> outline, bool known);

/// A dot at each point.
void dot(cv::Mat& picture, std::span<cv::Point2f const> points);

}  // namespace bioctl::image
