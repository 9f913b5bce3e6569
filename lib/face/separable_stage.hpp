#pragma once
// Separable layers in loops of vectors. What passes between the parts of one, twice the size of what comes in, stays in
// registers.

#include <vector>

#include "lib/base/vector_path.hpp"
#include "lib/face/feature_stage.hpp"

namespace bioctl::face {

class SeparableStage final : public FeatureStage {
public:
    /// Of 16 or 32 channels, halved. Error{bug} for others, or for a path that this processor cannot.
    explicit SeparableStage(SeparableLayer const& layer, VectorPath path = vector_paths().back());

    void run(FeatureMap const& from, FeatureMap& to, int border) override;

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
