#include "lib/face/model_builtin.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/face/tensors.hpp"

namespace bioctl::face {

namespace {

struct Builtin {
    std::string_view id;
    ModelKind kind;
    ModelFormat format;
    std::string_view title;
    std::string_view stem;  ///< <stem>.bin and <stem>-weights_manifest.json
    std::uint64_t bytes;
    std::string_view sha256;
    std::string_view manifest_sha256;
};

// Digests and sizes: taken from the package @vladmandic/face-api 1.7.15, whose tarball npm checks against package-lock.json.
constexpr std::array<Builtin, 3> k_builtins{{
    {"faceapi-tiny", ModelKind::detector, ModelFormat::faceapi_tiny, "tiny_face_detector, then dlib's HOG as the last resort",
     "tiny_face_detector_model", 193'321, "b7503ce7df31039b1c43316a9b865cab6a70dd748cc602d3fa28b551503c3871",
     "5d1af4849ac48d5b985f4a9b16010c512353ddd6fcc63d50fd0bc9e9e64296e5"},
    {"faceapi-68", ModelKind::landmarks, ModelFormat::faceapi_landmarks, "face_landmark_68", "face_landmark_68_model", 356'840,
     "4611ef65c87d836d03d684b30eec4d195d8b219fa1dd58fc58945831c6b9299b",
     "ca4886639f86e99b39fed0c155f81b63317225773bd9616716e887b0153389c9"},
    {"faceapi-resnet", ModelKind::embedder, ModelFormat::faceapi_resnet, "dlib's face ResNet, quantised (face_recognition)",
     "face_recognition_model", 6'444'032, "b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589",
     "cbaffa501b0b9275a12b63357a6843e7e30c054e1c9151e1a5f879b26e32986b"},
}};

constexpr std::string_view k_remedy = "run `make deps` in the source tree, or set models_dir to the folder share/bioctl/models";

void require_file(fs::path const& file, std::uint64_t bytes) {
    std::error_code failed;
    auto const size = fs::file_size(file, failed);
    if (failed) {
        throw Error{Kind::no_input, fmt::format("model file {}: {}; {}", file.string(), failed.message(), k_remedy)};
    }
    if (bytes != 0 && size != bytes) {
        throw Error{Kind::data,
                    fmt::format("model file {}: has {} bytes instead of {}; {}", file.string(), size, bytes, k_remedy)};
    }
}

/// The float tensor that begins at `offset` bytes lies within half a step of the quantised one (and some float noise).
bool agrees(ByteView weights, std::size_t offset, TensorFile const& builtin, std::string const& name) {
    auto const& entry = builtin.entry(name);
    auto const rounded = builtin.read(name, entry.shape);
    if (offset > weights.size() || weights.size() - offset < rounded.size() * sizeof(float)) return false;
    auto const tolerance = 0.51F * entry.scale;
    for (std::size_t i = 0; i < rounded.size(); ++i) {
        float value = 0;
        std::memcpy(&value, weights.data() + offset + i * sizeof(float), sizeof value);
        if (!(std::abs(value - rounded[i]) <= tolerance)) return false;
    }
    return true;
}

}  // namespace

// Scale: mean norm 1.43 +- .07. Thresholds: distances at FMR 1e-3 (1:1), 1e-4 (1:N) and 1e-6 (duplicates: a false alarm there
// refuses somebody's enrolment) of 1.2 M impostor pairs of View 1 of LFW, measured with the default models by
// tests/bench/lfw_view1.
void describe_dlib_resnet(ModelInfo& model) {
    model.kind = ModelKind::embedder;
    model.dimensions = k_dlib_dimensions;
    model.scale = k_dlib_scale;
    model.threshold_verify = k_dlib_verify;
    model.threshold_identify = k_dlib_identify;
    model.threshold_duplicate = k_dlib_duplicate;
    model.input = {.size = 150,
                   .mean = {122.782F, 117.001F, 104.298F},
                   .scale = 1 / 256.0F,
                   .rgb = true,
                   .alignment = "dlib-68",
                   .mirror = true};
}

std::vector<ModelInfo> builtin_models(fs::path const& folder) {
    std::vector<ModelInfo> models;
    for (auto const& builtin : k_builtins) {
        ModelInfo model;
        model.id = builtin.id;
        model.kind = builtin.kind;
        model.format = builtin.format;
        model.title = builtin.title;
        model.licence = "MIT";
        model.source = "npm @vladmandic/face-api 1.7.15";
        model.sha256 = builtin.sha256;
        model.manifest_sha256 = builtin.manifest_sha256;
        model.bytes = builtin.bytes;
        model.file = folder / fmt::format("{}.bin", builtin.stem);
        model.manifest = folder / fmt::format("{}-weights_manifest.json", builtin.stem);
        model.builtin = true;
        require_file(model.file, builtin.bytes);
        require_file(model.manifest, 0);
        if (model.kind == ModelKind::embedder) {
            describe_dlib_resnet(model);
            model.space = k_dlib_space;
        }
        models.push_back(std::move(model));
    }
    return models;
}

bool has_builtin_weights(ByteView weights, fs::path const& folder) {
    auto const& recogniser = k_builtins.back();
    TensorFile const builtin{folder / fmt::format("{}-weights_manifest.json", recogniser.stem),
                             folder / fmt::format("{}.bin", recogniser.stem)};
    auto const last = builtin.entry("fc").elements() * sizeof(float);
    return weights.size() >= last && agrees(weights, 0, builtin, "conv32_down/conv/filters") &&
           agrees(weights, weights.size() - last, builtin, "fc");
}

}  // namespace bioctl::face
