#pragma once
// Run-length packed BMP.

#include <optional>

#include <opencv2/core/mat.hpp>

#include "lib/base/bytes.hpp"

namespace bioctl::image {

enum class Runs { of_bytes, of_nibbles };  ///< RLE8, RLE4

/// Palette indices (CV_8UC1), rows in the order of the file; pixels the file skips are 0. std::nullopt if the data end early.
[[nodiscard]] std::optional<cv::Mat> unpack_runs(ByteView packed, cv::Size size, Runs runs);

}  // namespace bioctl::image
