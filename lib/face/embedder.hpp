#pragma once
// From chips to vectors. One thread per object.

#include <memory>
#include <span>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "lib/face/models.hpp"

namespace bioctl::face {

class Embedder {
public:
    virtual ~Embedder() = default;
    /// chips    CV_8UC3 BGR, ModelInfo::input.size square; Error{bug} otherwise.
    /// returns  one un-normalised vector of ModelInfo::dimensions for each chip; with ModelInfo::input.mirror the mean of the
    /// chip's and
    ///          its mirror image's (one batch, so that the weights are read once).
    virtual std::vector<std::vector<float>> embed(std::span<cv::Mat const> chips) = 0;
};

/// dlib's ResNet, from face-api's file or an imported one.
[[nodiscard]] std::unique_ptr<Embedder> make_resnet_embedder(ModelInfo const& model);

/// Any ONNX network with one image input and one vector output.
[[nodiscard]] std::unique_ptr<Embedder> make_onnx_embedder(ModelInfo const& model);

/// The embedder of a model.
[[nodiscard]] std::unique_ptr<Embedder> make_embedder(ModelInfo const& model);

}  // namespace bioctl::face
