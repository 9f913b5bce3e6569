#pragma once
// Which models there are, where their files lie, and which of them are in use. No network is loaded here.
//
// Built-in models are the files of the npm package @vladmandic/face-api under `builtin_dir`. Imported ones have a folder
// <imported_dir>/<id>/ with model.json (see ModelInfo) and the weight file. <imported_dir>/active.json says which is used.

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/result.hpp"
#include "lib/face/contract.hpp"

namespace bioctl::face {

namespace fs = std::filesystem;

enum class ModelKind { detector, landmarks, embedder };

/// "detector", "landmarks", "embedder"
[[nodiscard]] std::string_view name_of(ModelKind kind);

/// How the weights are stored, which decides what runs them.
enum class ModelFormat {
    faceapi_tiny,       ///< tiny_face_detector manifest + bin
    faceapi_landmarks,  ///< face_landmark_68 manifest + bin
    faceapi_resnet,     ///< face_recognition manifest + bin
    dlib_resnet,        ///< dlib ResNet-29 as raw float32 in the order of the face_recognition manifest (written by import)
    dlib_shape,         ///< dlib shape_predictor, 5 or 68 points
    yunet_onnx,
    recogniser_onnx,
};

/// What the pixels of an ONNX recogniser have to look like (from the small JSON beside it).
struct EmbedderInput {
    int size = 150;                     ///< square, pixels
    std::array<float, 3> mean{};        ///< subtracted, in colour_order
    float scale = 1;                    ///< multiplied after the subtraction
    bool rgb = true;                    ///< else BGR
    std::string alignment = "dlib-68";  ///< "dlib-68" or "arcface-5"
    bool mirror = true;                 ///< average with the mirrored chip
};

struct ModelInfo {
    std::string id;  ///< lower-case letters, digits, '-', '_' and '.': "faceapi-resnet", "yunet-n-320"
    ModelKind kind{};
    ModelFormat format{};
    std::string title;  ///< one line for people
    std::string licence;
    std::string source;  ///< where the file came from
    std::string sha256;  ///< of the weight file as it lies on disk, 64 hex digits
    std::uint64_t bytes = 0;
    fs::path file;      ///< weights
    fs::path manifest;  ///< faceapi_*: the tensor list
    bool builtin = false;
    bool active = false;
    // embedders only
    int dimensions = 0;
    float scale = 1;    ///< see Contract::scale
    std::string space;  ///< see Contract::space
    EmbedderInput input;
    std::optional<float> threshold_verify, threshold_identify, threshold_duplicate;
};

/// The three models in use.
struct ModelSet {
    ModelInfo detector, landmarks, embedder;
    [[nodiscard]] Contract contract() const;
};

class ModelRegistry {
public:
    /// imported_dir may be absent. Throws Error{Kind::no_input} if builtin_dir lacks a file, naming it and the remedy.
    ModelRegistry(fs::path builtin_dir, fs::path imported_dir);

    [[nodiscard]] std::vector<ModelInfo> const& all() const { return m_models; }  ///< built-in first, then by id
    [[nodiscard]] ModelInfo const& find(std::string_view id) const;               ///< Error{Kind::no_input} with the nearest name

    [[nodiscard]] ModelSet active() const;

    /// Makes a model the one used for its kind. Durable.
    void use(std::string_view id);

    /// Copies a model file into imported_dir, see model_import.hpp for the formats; a YuNet detector becomes active at once.
    /// `expected_sha256` empty: not checked. Throws Error{Kind::data} naming what is wrong with the file.
    ModelInfo const& import(fs::path const& file, std::string_view id, std::string_view expected_sha256);

    /// Deletes an imported model; Error{Kind::usage} for a built-in one, Error{Kind::busy} for an active one.
    void remove(std::string_view id);

    /// Recomputes the digest of the weight file. Failure names the file and what differs.
    [[nodiscard]] Result<void> verify(ModelInfo const& model) const;

private:
    void load();
    fs::path m_builtin_dir, m_imported_dir;
    std::vector<ModelInfo> m_models;
};

}  // namespace bioctl::face
