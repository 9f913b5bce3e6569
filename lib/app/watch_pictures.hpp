#pragma once
// Pictures made of frames: to keep, to send, to look at.

#include <vector>

#include <opencv2/core/mat.hpp>

#include "lib/app/frames.hpp"
#include "lib/app/watch.hpp"
#include "lib/base/bytes.hpp"

namespace bioctl::app {

/// All as JPEG. pixels: CV_8UC3 BGR.
[[nodiscard]] Bytes frame_picture(cv::Mat const& pixels);
/// The face and half its size around it, as far as the frame goes.
[[nodiscard]] Bytes face_picture(cv::Mat const& pixels, Box const& box);
[[nodiscard]] Bytes annotated_picture(cv::Mat const& pixels, std::vector<WatchedFace> const& faces);
/// As it came if it came as JPEG.
[[nodiscard]] Bytes jpeg_of(Frame const& frame);

}  // namespace bioctl::app
