#pragma once
// The palm recognition of the old service, as a peer: key points of the whole picture.

#include <memory>

#include <opencv2/core/mat.hpp>

namespace bioctl::bench {

struct KeyPoints;  // shared, immutable

/// Greyed, 400 x 400, CLAHE 3 on 8 x 8 tiles, blurred by 5, adaptive threshold 11/2 inverted, ORB with 1000 points.
[[nodiscard]] std::shared_ptr<KeyPoints const> key_points(cv::Mat const& picture);

/// 1 - (pairs that pass the ratio test at .75) / (the smaller number of points); the old service said yes up to .85.
[[nodiscard]] float distance(KeyPoints const& a, KeyPoints const& b);

}  // namespace bioctl::bench
