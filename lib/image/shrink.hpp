#pragma once
// Smaller pictures, each pixel of which is the average of the area that it covers.

#include <opencv2/core/mat.hpp>

#include "lib/base/vector_path.hpp"

namespace bioctl::image {

/// What cv::resize() does with INTER_AREA, to the last bit, in a part of its time where there is AVX2.
/// picture  CV_8UC3 with pixels; it may be a part of another.
/// size     at least 1 x 1, no side longer than the picture's. Error{bug} for another type or size.
[[nodiscard]] cv::Mat shrunk(cv::Mat const& picture, cv::Size size);
/// Error{bug} if this processor has no such path.
[[nodiscard]] cv::Mat shrunk(cv::Mat const& picture, cv::Size size, VectorPath path);

}  // namespace bioctl::image
