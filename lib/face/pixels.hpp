#pragma once
// From 8-bit pictures to the float planes that networks eat.

#include <array>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace bioctl::face {

/// (value - mean) * scale for every channel. mean is in the order of the planes.
struct Normalisation {
    std::array<float, 3> mean{};
    float scale = 1;
    bool rgb = true;  ///< the planes are R, G, B; else B, G, R
};

/// Appends 3 x height x width floats of a CV_8UC3 BGR picture to `planes`.
void append_planes(cv::Mat const& picture, Normalisation const& normalisation, std::vector<float>& planes);

/// The picture shrunk (area) or enlarged (linear) to width x height.
[[nodiscard]] cv::Mat resized(cv::Mat const& picture, cv::Size size);

}  // namespace bioctl::face
