#pragma once
// Which models there are, where their files lie, and which of them are in use. No network is loaded here.
//
// Built-in models are the files of the npm package @vladmandic/face-api under `builtin_dir`. Imported ones have a folder
// <imported_dir>/<id>/ with model.json (see model_json.hpp) and the weight file. <imported_dir>/active.json says which is used.

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/result.hpp"
#include "lib/face/contract.hpp"

namespace bioctl::face {

namespace fs = std::filesystem;

/// Part of every contract. Raise it when a change of code moves the vectors of an unchanged set of models.
inline constexpr int k_pipeline_version = 1;

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

/// "faceapi-tiny", "faceapi-68", "faceapi-resnet", "dlib-resnet", "dlib-shape", "yunet", "onnx". Part of the contract and of
/// model.json: never renamed.
[[nodiscard]] std::string_view name_of(ModelFormat format);

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
    std::string source;           ///< where the file came from
    std::string sha256;           ///< of the weight file as it lies on disk, 64 hex digits
    std::string manifest_sha256;  ///< of the tensor list, "" if there is none
    std::uint64_t bytes = 0;
    fs::path file;      ///< weights
    fs::path manifest;  ///< faceapi_*, dlib_resnet: the tensor list
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

/// The ids of the models in use, as in active.json; "" = the built-in one.
struct ActiveModels {
    std::string detector, landmarks, embedder;
    [[nodiscard]] std::string& of(ModelKind kind);
};

struct ImportRequest {
    fs::path file;
    std::string id{};               ///< "" = made from the file's name
    std::string expected_sha256{};  ///< of the file, hex; "" = not checked
    fs::path description{};         ///< ONNX recognisers: JSON that describes the input; "" = FILE with .json instead of .onnx
    std::string title{}, licence{}, source{};  ///< "" = what the format knows
};

/// Construction looks at sizes and reads small JSON, no weights. One thread; another process may change imported_dir meanwhile.
class ModelRegistry {
public:
    /// imported_dir may be absent. Throws Error{Kind::no_input} if builtin_dir lacks a file, Error{Kind::data} if one has the
    /// wrong size, naming it and the remedy. An imported model that is damaged is left out and told in problems().
    ModelRegistry(fs::path builtin_dir, fs::path imported_dir);

    [[nodiscard]] std::vector<ModelInfo> const& all() const { return m_models; }           ///< built-in first, then by id
    [[nodiscard]] std::vector<std::string> const& problems() const { return m_problems; }  ///< what was left out and why
    [[nodiscard]] ModelInfo const& find(std::string_view id) const;  ///< Error{Kind::no_input} with the nearest name

    /// Throws Error{Kind::data or no_input} with the remedy if active.json or the model it names is damaged or gone.
    [[nodiscard]] ModelSet active() const;

    /// Makes a model the one used for its kind. Durable. A damaged active.json is written anew.
    void use(std::string_view id);

    /// Copies a model file into imported_dir, see model_import.hpp for the formats; a YuNet detector becomes active at once.
    /// Killed at any moment it leaves the old state or the new one. Importing the same file under the same id again is fine.
    /// Throws Error{Kind::data} naming what is wrong with the file, {usage} for a bad or used id, {busy} while another process
    /// changes the models.
    ModelInfo const& import(ImportRequest const& request);

    /// Deletes an imported model, also a damaged one; Error{Kind::usage} for a built-in one, Error{Kind::busy} for an active one.
    void remove(std::string_view id);
    /// Throws what remove() would.
    void require_removable(std::string_view id) const;

    /// Recomputes the digests of the weight file and the tensor list. Failure names the file and what differs.
    [[nodiscard]] Result<void> verify(ModelInfo const& model) const;

private:
    void load();
    void load_imported();
    void load_active();
    void activate(ModelKind kind, std::string const& id) const;
    [[nodiscard]] ModelInfo const* lookup(std::string_view id) const;
    [[nodiscard]] ModelInfo const& in_use(ModelKind kind, std::string const& id) const;

    fs::path m_builtin_dir, m_imported_dir;
    std::vector<ModelInfo> m_models;
    std::vector<std::string> m_problems;
    ActiveModels m_active;
    std::optional<Error> m_active_error;  ///< active.json cannot be read
};

}  // namespace bioctl::face
