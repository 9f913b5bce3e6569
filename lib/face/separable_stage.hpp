#pragma once
// A layer of tiny_face_detector in one go: 3x3 for each channel, 1x1 to twice as many, leaky ReLU, largest of 2x2. What passes
// between these four, twice the size of what comes in, stays in registers.

#include <span>
#include <vector>

#include "lib/base/vector_path.hpp"
#include "lib/face/feature_map.hpp"

namespace bioctl::face {

/// One thread per object.
class SeparableStage {
public:
    /// channels: 16 or 32. depthwise: 3 x 3 x channels; pointwise: channels x 2 channels; bias: 2 channels. Error{bug} for other
    /// sizes, or for a path that this processor cannot.
    SeparableStage(int channels, std::vector<float> depthwise, std::vector<float> pointwise, std::vector<float> bias,
                   VectorPath path = vector_paths().back());

    [[nodiscard]] static cv::Size result_size(cv::Size from) { return {(from.width + 1) / 2, (from.height + 1) / 2}; }

    /// from  `channels` channels and a border of one pixel.
    /// to    result_size(), twice the channels, the border asked for.
    void run(FeatureMap const& from, FeatureMap& to, int border);

    /// Private to the implementation: the weights, and a loop over one row of the result. `rows` are four rows of the input, from
    /// the pixel left of the first one on; the last two may be the same. `width` is the input's.
    struct Layers {
        std::vector<float> depthwise, pointwise, bias;
    };
    struct Rows {
        float const* above;  ///< two rows of results need four of the input, `stride` apart
        std::size_t stride;  ///< floats
        bool has_second;     ///< the second row of results exists
    };
    using Kernel = void (*)(Layers const& layers, Rows const& rows, int width, float* result);

private:
    int m_channels;
    Layers m_layers;
    Kernel m_kernel;
};

}  // namespace bioctl::face
