#include <opencv2/dnn.hpp>

#include "lib/face/opencv_parts.hpp"

namespace bioctl::face::with_opencv {

namespace {

class OpenCvOnnx final : public OnnxNetwork {
public:
    explicit OpenCvOnnx(ByteView file)
        : m_net(cv::dnn::readNetFromONNX(reinterpret_cast<char const*>(file.data()), file.size())) {
        m_net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
        m_net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
    }

    std::vector<cv::Mat> run(std::vector<float>& planes, cv::Size size, std::vector<std::string> const& outputs) override {
        set_input(planes, size);
        std::vector<cv::Mat> results;
        m_net.forward(results, outputs);
        return results;
    }

    cv::Mat run(std::vector<float>& planes, cv::Size size) override {
        set_input(planes, size);
        return m_net.forward();
    }

private:
    void set_input(std::vector<float>& planes, cv::Size size) {
        std::vector<int> const sizes{1, 3, size.height, size.width};
        m_net.setInput(cv::Mat(sizes, CV_32F, planes.data()));
    }

    cv::dnn::Net m_net;
};

}  // namespace

std::unique_ptr<OnnxNetwork> open_onnx(ByteView file) {
    return std::make_unique<OpenCvOnnx>(file);
}

}  // namespace bioctl::face::with_opencv
