#pragma once
// One pass of face-api's tiny_face_detector.

#include <memory>
#include <string>
#include <vector>

#include "lib/face/feature_stage.hpp"
#include "lib/face/first_stage.hpp"
#include "lib/face/models.hpp"
#include "lib/face/network.hpp"
#include "lib/face/tensors.hpp"
#include "lib/face/turned.hpp"
#include "lib/face/types.hpp"

namespace bioctl::face {

/// How one pass sees the picture.
struct TinyPass {
    int longer_side = 320;  ///< pixels of the network's input, a multiple of 32
    float margin =
        0;  ///< black border on every side, as a part of the picture's longer side: faces that fill the frame need room
    float min_score = 0.5F;
};

/// One thread per object. A network belongs to one input size; the ones used last are kept, so that memory stays bounded whatever
/// the shapes of the photos.
class TinyNet {
public:
    explicit TinyNet(ModelInfo const& model);
    /// Boxes in pixels of the picture, not suppressed yet.
    std::vector<Detection> scan(Turned const& picture, TinyPass const& pass);

private:
    Executor& executor(int width, int height);
    TensorFile m_weights;
    FirstStage m_first_stage;
    std::vector<std::unique_ptr<FeatureStage>> m_stages;
    std::string m_name;  // of the weights
    struct SizedExecutor {
        int width, height;
        std::unique_ptr<Executor> executor;
    };
    std::vector<SizedExecutor> m_executors;  // used last first
    FeatureMap m_pixels, m_features;         // between the stages
};

}  // namespace bioctl::face
