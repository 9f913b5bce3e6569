// Inside bioctl-face-opencv.so.

#include "lib/face/module_parts.hpp"
#include "lib/face/opencv_parts.hpp"

extern "C" [[gnu::visibility("default")]] bioctl::face::OpenCvParts const* bioctl_face_opencv() {
    using namespace bioctl::face;
    static OpenCvParts const parts{k_module_version, with_opencv::open_onnx};
    return &parts;
}
