#pragma once
// Other pixels made BGR, and pixels turned upright.

#include <cstdint>

#include <opencv2/core/mat.hpp>

namespace bioctl::image {

/// CV_8UC4 BGRA, alpha not premultiplied, over white: CV_8UC3.
[[nodiscard]] cv::Mat blend_on_white(cv::Mat const& bgra);

/// One row of `width` CMYK pixels as Adobe stores them (255 = no ink) to BGR.
void adobe_cmyk_to_bgr(std::uint8_t const* cmyk, std::uint8_t* bgr, int width);

/// Undoes EXIF orientation 1..8.
[[nodiscard]] cv::Mat upright(cv::Mat stored, int orientation);

}  // namespace bioctl::image
