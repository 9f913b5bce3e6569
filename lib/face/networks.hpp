#pragma once
// The three networks of face-api as graphs. Layer facts: the JavaScript sources of @vladmandic/face-api 1.7.15, checked against
// its own output; weights are read in manifest order.

#include <memory>
#include <vector>

#include "lib/face/feature_stage.hpp"
#include "lib/face/first_stage.hpp"
#include "lib/face/graph.hpp"
#include "lib/face/tensors.hpp"

namespace bioctl::face {

/// tiny_face_detector's first stage, of RGB, (value - (117.001, 114.697, 97.404)) / 255.
[[nodiscard]] FirstStage tiny_first_stage(TensorFile const& weights);
/// The stages behind it: all five where there is AMX, otherwise the first two.
[[nodiscard]] std::vector<std::unique_ptr<FeatureStage>> tiny_stages(TensorFile const& weights);
/// What is behind as many stages, for pictures of width x height (multiples of 32).
/// Result: 25 x height/32 x width/32 = five anchors of (x, y, w, h, score), see tiny_net.cpp.
[[nodiscard]] Graph tiny_detector_graph(TensorFile const& weights, std::size_t stages, int width, int height);

/// face_landmark_68, 112 x 112 RGB, (value - (122.782, 117.001, 104.298)) / 255. Result: 136 = x, y of 68 points relative to the
/// square, x and y in turn.
[[nodiscard]] Graph landmarks_graph(TensorFile const& weights);

/// dlib's ResNet-29 (face_recognition), 150 x 150 RGB, (value - (122.782, 117.001, 104.298)) / 256: dlib divides by 256, face-api
/// by 255; 256 gives dlib's vectors. Result: 128. Batch normalisation is folded into the convolutions.
[[nodiscard]] Graph resnet_graph(TensorFile const& weights);

}  // namespace bioctl::face
