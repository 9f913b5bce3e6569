#pragma once
// From pixels to the outline of a hand. Private to palm/.
//
// source  Otsu, "A threshold selection method from gray-level histograms", 1979; the distance transform for the palm circle as in
//         Doublet, Lepetit, Revenu, "Contactless hand recognition based on distribution estimation", 2007.

#include <optional>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace bioctl::palm {

/// Ways to tell a hand from what is behind it, in the order they are tried.
enum class Segmentation {
    red_difference,  ///< Cr above Otsu's threshold: skin before most things
    red,             ///< red above Otsu's threshold and Cr > Cb: skin before what is dark
    border,          ///< unlike the colour that most of the picture's border has
};

/// One connected thing in the picture.
struct Blob {
    cv::Mat mask;  ///< CV_8UC1, 0 or 255, without holes
    std::vector<cv::Point> contour;
    double area = 0;     ///< pixels
    cv::Point2f centre;  ///< of the largest circle inside: the palm, if this is a hand
    float radius = 0;
};

/// picture: CV_8UC3 BGR, smoothed. CV_8UC1: 255 where it may be a hand.
[[nodiscard]] cv::Mat segment(cv::Mat const& picture, Segmentation how);

/// The largest thing of the mask and, if it has at least a third of its area, the next: each 3 % to 75 % of the picture, its
/// circle at least 20 pixels in radius.
[[nodiscard]] std::vector<Blob> blobs(cv::Mat mask);

}  // namespace bioctl::palm
