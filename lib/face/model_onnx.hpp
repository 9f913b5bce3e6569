#pragma once
// The outline of an ONNX file: enough of its protobuf to tell what it is, read with bounds, before OpenCV sees it.

#include <string>
#include <vector>

#include "lib/base/bytes.hpp"

namespace bioctl::face {

struct OnnxOutline {
    std::vector<std::string> inputs;  ///< without the weights, which old exporters list as inputs too
    std::vector<std::string> outputs;
    std::size_t nodes = 0;
};

/// Throws Error{Kind::data}: truncated, or not ONNX.
[[nodiscard]] OnnxOutline read_onnx_outline(ByteView file);

}  // namespace bioctl::face
