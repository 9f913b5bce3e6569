#pragma once
// What the modules of face/ give to bioctl. They are built and installed together with it, so C++ passes between them; only the
// one symbol that is looked up by name is C. Private to face/.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/face/cluster.hpp"
#include "lib/face/detector.hpp"
#include "lib/face/landmarker.hpp"
#include "lib/face/network.hpp"
#include "lib/face/onnx.hpp"

namespace bioctl::face {

inline constexpr std::int32_t k_module_version = 1;  ///< raised with any change of what is below, or of the interfaces it names

/// Networks of the built-in models, fast.
struct OneDnnParts {
    static constexpr char const* k_file = "bioctl-face-onednn.so";
    static constexpr char const* k_entry = "bioctl_face_onednn";
    static constexpr char const* k_package = "libdnnl2";

    std::int32_t version;
    std::shared_ptr<Network> (*make_network)(Graph graph);
};

/// OpenCV's dnn: imported ONNX networks.
struct OpenCvParts {
    static constexpr char const* k_file = "bioctl-face-opencv.so";
    static constexpr char const* k_entry = "bioctl_face_opencv";
    static constexpr char const* k_package = "libopencv-dnn406";

    std::int32_t version;
    std::unique_ptr<OnnxNetwork> (*open_onnx)(ByteView file);
};

struct DlibParts {
    static constexpr char const* k_file = "bioctl-face-dlib.so";
    static constexpr char const* k_entry = "bioctl_face_dlib";
    static constexpr char const* k_package = "libdlib19.1";

    std::int32_t version;
    std::unique_ptr<Detector> (*make_hog_detector)(int upsample);
    std::unique_ptr<Landmarker> (*make_landmarker)(std::filesystem::path const& shape_predictor);
    std::vector<std::size_t> (*chinese_whispers)(std::size_t count, std::span<Edge const> edges);
};

/// The type of a module's one symbol, k_entry.
template <class Parts>
using ModuleEntry = Parts const* (*)();

}  // namespace bioctl::face
