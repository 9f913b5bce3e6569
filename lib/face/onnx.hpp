#pragma once
// ONNX networks that users import.

#include <memory>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "lib/base/bytes.hpp"

namespace bioctl::face {

/// One thread at a time.
class OnnxNetwork {
public:
    virtual ~OnnxNetwork() = default;
    /// One picture as three planes of height x width float32 in the order the network wants; the outputs of these names, all of
    /// them float32 or whatever else the network says. cv::Exception if it cannot be run on this size.
    virtual std::vector<cv::Mat> run(std::vector<float>& planes, cv::Size size, std::vector<std::string> const& outputs) = 0;
    /// The network's last output.
    virtual cv::Mat run(std::vector<float>& planes, cv::Size size) = 0;
};

/// On OpenCV's dnn module. cv::Exception if it does not understand the file, Error{config} if the module is not installed.
[[nodiscard]] std::unique_ptr<OnnxNetwork> open_onnx(ByteView file);

}  // namespace bioctl::face
