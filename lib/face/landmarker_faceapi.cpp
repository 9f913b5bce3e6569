#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/face/detector.hpp"
#include "lib/face/landmarker.hpp"
#include "lib/face/networks.hpp"
#include "lib/face/pixels.hpp"
#include "lib/face/shared_network.hpp"

namespace bioctl::face {

namespace {

constexpr int k_side = 112;
Normalisation const k_normalisation{{122.782F, 117.001F, 104.298F}, 1 / 255.0F, true};

/// The cut-out face, shrunk to the square with centred black bars, as the network was trained.
struct Square {
    cv::Mat pixels;
    cv::Point2f corner;  // of the square in the picture
    float scale;         // picture -> square
};

Square square_for(cv::Mat const& picture, cv::Rect2f const& box) {
    cv::Rect const whole{{0, 0}, picture.size()};
    cv::Rect const floored{cv::Point{cvFloor(box.x), cvFloor(box.y)}, cv::Size{cvFloor(box.width), cvFloor(box.height)}};
    auto part = floored & whole;
    if (part.empty()) part = whole;
    auto const longer = std::max(part.width, part.height);
    auto const scale = static_cast<float>(k_side) / static_cast<float>(longer);
    auto const scaled = [&](int side) {
        return std::clamp(static_cast<int>(std::lround(static_cast<float>(side) * scale)), 1, k_side);
    };
    cv::Size const size{scaled(part.width), scaled(part.height)};
    cv::Point const origin{(k_side - size.width) / 2, (k_side - size.height) / 2};
    cv::Mat pixels = cv::Mat::zeros(k_side, k_side, CV_8UC3);
    resized(picture(part), size).copyTo(pixels(cv::Rect{origin, size}));
    return {pixels, cv::Point2f(part.tl()) - cv::Point2f(origin) / scale, scale};
}

class FaceapiLandmarker final : public Landmarker {
public:
    explicit FaceapiLandmarker(ModelInfo const& model) {
        auto const network = shared_network(fmt::format("landmarks {} {}", model.sha256, model.manifest_sha256), [&] {
            return landmarks_graph(TensorFile{model.manifest, model.file});
        });
        network->prepare(1);
        m_executor = network->executor();
    }

    Landmarks find(cv::Mat const& picture, Detection const& detection) override {
        auto const square = square_for(picture, faceapi_box(detection));
        m_planes.clear();
        append_planes(square.pixels, k_normalisation, m_planes);
        auto const relative = m_executor->run(m_planes, 1);
        Landmarks landmarks(68);
        for (std::size_t i = 0; i < landmarks.size(); ++i) {
            landmarks[i] = square.corner + cv::Point2f{relative[2 * i], relative[2 * i + 1]} * (k_side / square.scale);
        }
        return landmarks;
    }

private:
    std::unique_ptr<Executor> m_executor;
    std::vector<float> m_planes;
};

}  // namespace

std::unique_ptr<Landmarker> make_faceapi_landmarker(ModelInfo const& model) {
    return std::make_unique<FaceapiLandmarker>(model);
}

std::unique_ptr<Landmarker> make_landmarker(ModelInfo const& model) {
    if (model.format == ModelFormat::faceapi_landmarks) return make_faceapi_landmarker(model);
    return make_dlib_landmarker(model.file);
}

}  // namespace bioctl::face
