#pragma once
// The JSON files of models/: model.json of an imported model, active.json, and the description beside an ONNX recogniser.

#include <filesystem>
#include <string>
#include <string_view>

#include "lib/base/bytes.hpp"
#include "lib/face/models.hpp"

namespace bioctl::face {

/// model.json: {"version":1,"id","kind","format",...}. Paths are names inside the model's folder.
[[nodiscard]] std::string to_json(ModelInfo const& model);

/// `folder` becomes part of the paths. Throws Error{Kind::data} naming the key that is missing or wrong.
[[nodiscard]] ModelInfo model_from_json(ByteView text, std::filesystem::path const& folder);

/// active.json: {"version":1,"detector","landmarks","embedder"}
[[nodiscard]] std::string to_json(ActiveModels const& active);
[[nodiscard]] ActiveModels active_from_json(ByteView text);  ///< Error{Kind::data}

/// What an ONNX recogniser expects and how its vectors are compared:
///   size        input width and height, pixels                         (required)
///   mean        one number or three, in the order of `colour`; default 0
///   scale       multiplied after the subtraction; default 1
///   colour      "rgb" or "bgr"                                          (required)
///   alignment   "arcface-5" or "dlib-68"                                (required)
///   metric      "cosine" or "l2"                                        (required)
///   norm        metric "l2": mean length of the vectors; default 1
///   mirror      average with the mirrored face; default true
///   thresholds  {"verify","identify","duplicate"}: least cosine, or greatest distance with "l2"; each optional
///   title, licence, source
/// A cosine c becomes the distance sqrt(2 - 2c) of unit vectors. An unknown key is an error, so that a slip does not pass.
struct RecogniserDescription {
    EmbedderInput input;
    float norm = 1;
    std::optional<float> threshold_verify, threshold_identify, threshold_duplicate;  ///< distances
    std::string title, licence, source;
};

/// Throws Error{Kind::data} naming the key.
[[nodiscard]] RecogniserDescription recogniser_from_json(ByteView text);

/// The tensor list of raw float32 tensors, as in the manifests of face-api.
struct TensorShape {
    std::string name;
    std::vector<int> shape;
};
[[nodiscard]] std::string manifest_json(std::vector<TensorShape> const& tensors, std::string_view blob_name);

}  // namespace bioctl::face
