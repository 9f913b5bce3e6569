#include <dlib/image_processing/shape_predictor.h>
#include <dlib/opencv.h>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/face/dlib_parts.hpp"

namespace bioctl::face::with_dlib {

namespace {

class DlibLandmarker final : public Landmarker {
public:
    explicit DlibLandmarker(std::filesystem::path const& file) {
        try {
            dlib::deserialize(file.string()) >> m_predictor;
        } catch (dlib::serialization_error const& error) {
            throw Error{Kind::data, fmt::format("{}: not a dlib shape predictor: {}", file.string(), error.info)};
        }
    }

    Landmarks find(cv::Mat const& picture, Detection const& detection) override {
        auto const box = hog_box(detection);
        dlib::rectangle const rectangle(std::lround(box.x), std::lround(box.y), std::lround(box.br().x) - 1,
                                        std::lround(box.br().y) - 1);
        auto const shape = m_predictor(dlib::cv_image<dlib::bgr_pixel>(picture), rectangle);
        Landmarks landmarks;
        for (unsigned long i = 0; i < shape.num_parts(); ++i) {
            landmarks.emplace_back(static_cast<float>(shape.part(i).x()), static_cast<float>(shape.part(i).y()));
        }
        return landmarks;
    }

private:
    dlib::shape_predictor m_predictor;
};

}  // namespace

std::unique_ptr<Landmarker> landmarker(std::filesystem::path const& shape_predictor) {
    return std::make_unique<DlibLandmarker>(shape_predictor);
}

}  // namespace bioctl::face::with_dlib
