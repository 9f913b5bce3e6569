#pragma once
// Memory of large pictures, used again: of every fresh page the kernel has to be asked for, which for a decoded photo of 12
// megapixels takes longer than to shrink it, and stops all other threads of the process for moments.

#include <opencv2/core/mat.hpp>

namespace bioctl::image {

/// A picture of undefined contents. What it lies in is kept for the next ones when its last cv::Mat is gone, at most 32 MB in
/// all, of the most recent. Thread-safe. Throws std::bad_alloc, or cv::Exception for sizes that are none.
[[nodiscard]] cv::Mat new_pixels(cv::Size size, int type);

}  // namespace bioctl::image
