#pragma once
// The models that come with bioctl: files of the npm package @vladmandic/face-api 1.7.15 (MIT), folder model/.

#include <filesystem>
#include <string_view>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/face/models.hpp"

namespace bioctl::face {

/// Of dlib's network, whoever trained it: the mean norm of its vectors, and the distances at which it errs. See
/// model_builtin.cpp for where they come from.
inline constexpr float k_dlib_scale = 1.43F;
inline constexpr float k_dlib_verify = 0.540F;
inline constexpr float k_dlib_identify = 0.489F;
inline constexpr float k_dlib_duplicate = 0.40F;
inline constexpr int k_dlib_dimensions = 128;

/// The vector space of dlib's official weights: vectors of face_recognition and of the old services live in it.
inline constexpr std::string_view k_dlib_space = "dlib-resnet-v1";

/// Sets what every dlib ResNet has in common: dimensions, scale, thresholds, input.
void describe_dlib_resnet(ModelInfo& model);

/// One of each kind. Looks at the sizes of the files, reads nothing. Throws Error{Kind::no_input} for a missing file and
/// Error{Kind::data} for one of another size.
[[nodiscard]] std::vector<ModelInfo> builtin_models(std::filesystem::path const& folder);

/// Whether these are the float weights (of an imported dlib ResNet, in the order of the manifest) that the built-in recogniser
/// was quantised from: the first and the last tensor agree within the rounding.
[[nodiscard]] bool has_builtin_weights(ByteView weights, std::filesystem::path const& folder);

}  // namespace bioctl::face
