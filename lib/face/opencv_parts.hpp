#pragma once
// What each file of bioctl-face-opencv.so gives to its entry. Only inside that module.

#include <memory>

#include "lib/base/bytes.hpp"
#include "lib/face/onnx.hpp"

namespace bioctl::face::with_opencv {

[[nodiscard]] std::unique_ptr<OnnxNetwork> open_onnx(ByteView file);

}  // namespace bioctl::face::with_opencv
