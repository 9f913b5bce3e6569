#pragma once
// How fit a face is for recognition. Simple measures with known meaning; each is 0..1 and the smallest one counts, because one
// flaw is enough to spoil a template. The bounds were set on View 1 of LFW so that ordinary press photos stay above .3 (see the
// bench).

#include <span>

#include <opencv2/core/mat.hpp>

#include "lib/face/types.hpp"

namespace bioctl::face {

/// chip                      CV_8UC3 BGR, aligned
/// landmarks                 at full resolution: the eyes' distance in its pixels is what the photo really shows
/// size       eyes 12 pixels apart or less: 0; 48 or more: 1 (the chip of dlib's recognisers has about 52)
/// sharpness  v / (v + 60), v = variance of the Laplacian of the grey chip's inner part
/// exposure   mean grey 15..60 rising, 200..245 falling; and contrast: standard deviation 5..25 rising
/// pose       the nose between the outer corners of the eyes: in the middle third 1, outside of them 0
[[nodiscard]] Quality assess(cv::Mat const& chip, std::span<cv::Point2f const> landmarks);

}  // namespace bioctl::face
