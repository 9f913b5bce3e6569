// Inside bioctl-face-dlib.so.

#include "lib/face/dlib_parts.hpp"
#include "lib/face/module_parts.hpp"

extern "C" [[gnu::visibility("default")]] bioctl::face::DlibParts const* bioctl_face_dlib() {
    using namespace bioctl::face;
    static DlibParts const parts{k_module_version, with_dlib::hog_detector, with_dlib::landmarker, with_dlib::chinese_whispers};
    return &parts;
}
