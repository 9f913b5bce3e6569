#pragma once
// Layers of tiny_face_detector in one go: 3x3 for each channel, 1x1 to twice as many, leaky ReLU, and mostly the largest of 2x2.

#include <vector>

#include "lib/face/feature_map.hpp"
#include "lib/face/graph.hpp"

namespace bioctl::face {

struct SeparableLayer {
    int channels;                  ///< of what comes in
    std::vector<float> depthwise;  ///< 3 x 3 x channels
    Weights pointwise;             ///< channels x 2 channels
    std::vector<float> bias;       ///< 2 channels
    bool is_halved;                ///< the largest of 2x2 follows; at odd edges of those that there are
};

/// One thread per object.
class FeatureStage {
public:
    virtual ~FeatureStage() = default;

    /// from  the layer's channels and a border of one pixel.
    /// to    twice the channels, the same size or result_size(), the border asked for.
    virtual void run(FeatureMap const& from, FeatureMap& to, int border) = 0;

    /// Of a layer that is halved.
    [[nodiscard]] static cv::Size result_size(cv::Size from) { return {(from.width + 1) / 2, (from.height + 1) / 2}; }
};

}  // namespace bioctl::face
