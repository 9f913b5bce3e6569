#pragma once
// Landmark finders. One thread per object.

#include <memory>

#include <opencv2/core/mat.hpp>

#include "lib/face/models.hpp"
#include "lib/face/types.hpp"

namespace bioctl::face {

class Landmarker {
public:
    virtual ~Landmarker() = default;
    /// The landmarks of one face, in pixels of the picture (CV_8UC3 BGR). Always answers, also for a box that shows no face.
    virtual Landmarks find(cv::Mat const& picture, Detection const& detection) = 0;
};

/// face_landmark_68 of face-api.
[[nodiscard]] std::unique_ptr<Landmarker> make_faceapi_landmarker(ModelInfo const& model);

/// dlib's shape predictor, 5 or 68 points. Loading the 68-point file takes half a second (100 MB).
[[nodiscard]] std::unique_ptr<Landmarker> make_dlib_landmarker(std::filesystem::path const& shape_predictor);

/// The landmarker of a model.
[[nodiscard]] std::unique_ptr<Landmarker> make_landmarker(ModelInfo const& model);

}  // namespace bioctl::face
