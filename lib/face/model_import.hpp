#pragma once
// From a file somebody downloaded to the files of an imported model. The file is hostile until proven otherwise: sizes are
// checked against what is left of the file before anything is allocated.

#include <filesystem>
#include <string>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/face/model_json.hpp"
#include "lib/face/models.hpp"

namespace bioctl::face {

/// A model ready to be stored. `info` lacks what depends on its folder: id, file, manifest, sha256, bytes.
struct PreparedModel {
    ModelInfo info;
    Bytes weights;
    std::string weights_name;  ///< file name to store them under
    std::string manifest;      ///< tensor list, "" if the format has none
};

enum class FileKind { dlib_resnet, dlib_shape, onnx };

/// From the first bytes. Throws Error{Kind::data} that says what the file is instead (a web page, a compressed file, a Git LFS
/// pointer, an unknown dlib object) and what to do. No file name in the message.
[[nodiscard]] FileKind kind_of_file(ByteView file);

/// A dlib .dat with the 29-layer ResNet of dlib's face recognition (dlib_face_recognition_resnet_model_v1.dat, Taguchi's).
/// The weights come out as float32 in the order of face-api's face_recognition manifest. Batch normalisation, as in files saved
/// right after training, is folded into scale and offset. Throws Error{Kind::data}.
///
/// dlib's own deserialisation is not used: it allocates what the file asks for, and answers inconsistent sizes by ending the
/// process (a second dlib::fatal_error calls abort). The layouts follow the deserialize() functions of dlib 19.24 and are tested
/// against files that dlib writes.
[[nodiscard]] PreparedModel prepare_dlib_resnet(Bytes file);

/// A dlib shape_predictor with 5 or 68 points. All indices in it are checked, which dlib does not do when it runs.
[[nodiscard]] PreparedModel prepare_dlib_shape(Bytes file);

/// An ONNX file: YuNet if it has its twelve outputs, otherwise a recogniser that `description` describes (path of a JSON file,
/// see model_json.hpp). Runs the network once on zeros.
[[nodiscard]] PreparedModel prepare_onnx(Bytes file, std::filesystem::path const& description);

/// Reads, checks and converts. Throws Error: no_input if there is no such file, data naming the file and what is wrong with it.
[[nodiscard]] PreparedModel prepare_model(ImportRequest const& request);

/// "YuNet N (320).onnx" -> "yunet-n-320". Never empty.
[[nodiscard]] std::string id_from_file_name(std::filesystem::path const& file);

/// Throws Error{Kind::usage} unless it is 1..64 lower-case letters, digits, '-', '_' and '.', beginning with a letter or digit.
void require_model_id(std::string_view id);

}  // namespace bioctl::face
