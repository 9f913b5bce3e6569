#pragma once
// Face detectors. One thread per object.

#include <memory>
#include <span>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "lib/face/models.hpp"
#include "lib/face/turned.hpp"
#include "lib/face/types.hpp"

namespace bioctl::face {

/// How hard to look. A detector that has no slower way answers an empty list beyond `usual`.
enum class Effort {
    usual,
    thorough,     ///< several times as long, for photos where the usual way finds nothing
    last_resort,  ///< another detector altogether
};

/// Networks also fire on upside-down faces. A best score below `sure_score` calls for a look at the turned picture, which is
/// right if its best score is higher by `gain`.
struct Orientation {
    float sure_score;
    float gain;
};

class Detector {
public:
    virtual ~Detector() = default;
    /// picture: CV_8UC3 BGR. Boxes in its pixels, each with its convention, in any order; they do not overlap by more than the
    /// detector's own suppression allows.
    virtual std::vector<Detection> detect(cv::Mat const& picture, Effort effort) = 0;
    [[nodiscard]] virtual Orientation orientation() const = 0;
    /// About the best score of a picture that shows, turned otherwise, the faces of which `known` were found: a quicker detect()
    /// that need not look for faces of other sizes. 0 where turned faces are not seen anyway. What detect() was given last must
    /// not have been changed since.
    virtual float best_score(Turned const& picture, std::span<Detection const> known);
};

/// The largest score, 0 of none.
[[nodiscard]] float best_score(std::span<Detection const> detections);

/// face-api's tiny_face_detector at several sizes, each find confirmed by a second look; thorough: at more sizes; last resort:
/// dlib's HOG.
[[nodiscard]] std::unique_ptr<Detector> make_ladder_detector(ModelInfo const& tiny);

/// YuNet at a longer side of 320, then 640 and 1280 where nothing is found or the faces are small and many.
[[nodiscard]] std::unique_ptr<Detector> make_yunet_detector(ModelInfo const& yunet);

/// dlib's frontal HOG detector on the picture enlarged `upsample` times by two. Construction takes 0.3 s.
[[nodiscard]] std::unique_ptr<Detector> make_hog_detector(int upsample);

/// Longer side beyond which the model's `usual` passes see no more of a picture. A second look at a small face may.
[[nodiscard]] int usual_longer_side(ModelInfo const& model);

/// The detector of a model.
[[nodiscard]] std::unique_ptr<Detector> make_detector(ModelInfo const& model);

/// Keeps the best-scored of boxes that overlap by more than `iou`.
[[nodiscard]] std::vector<Detection> suppressed(std::vector<Detection> detections, float iou);

/// What the landmark network of face-api wants to see of this face.
[[nodiscard]] cv::Rect2f faceapi_box(Detection const& detection);

/// What dlib's shape predictors were trained on: the box that dlib's HOG detector would give.
[[nodiscard]] cv::Rect2f hog_box(Detection const& detection);

}  // namespace bioctl::face
