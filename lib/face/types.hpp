#pragma once
// The nouns of face/. Coordinates are pixels of the picture handed in: x right, y down, the centre of the first pixel is (0, 0).

#include <array>
#include <optional>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace bioctl::face {

/// Detectors disagree about what a face box is. Each declares its convention; the engine translates.
enum class BoxConvention {
    yunet,    ///< forehead to chin, ear to ear, not square
    hog,      ///< dlib's square, chin to mid-forehead
    tiny,     ///< tiny_face_detector of face-api: 1.34 times as wide as yunet's and .12 of its height lower
    faceapi,  ///< what face-api's landmark network wants to be cut out
};

/// 68 points in the order of iBUG 300-W, or dlib's 5: outer and inner corner of the eye at image right, the same at image left,
/// nose.
using Landmarks = std::vector<cv::Point2f>;
/// Eye (image left), eye, nose tip, mouth corner (image left), mouth corner.
using FivePoints = std::array<cv::Point2f, 5>;

struct Detection {
    cv::Rect2f box;   ///< may reach outside the picture
    float score = 0;  ///< 0..1; HOG's margin is mapped by 1/(1+exp(-2 margin))
    BoxConvention convention = BoxConvention::faceapi;
    std::optional<FivePoints> five_points{};
};

/// How fit a face is for recognition. Every part is 0..1, 1 = no objection; quality.hpp has the formulas.
struct Quality {
    float size = 0;  ///< distance of the eyes
    float sharpness = 0;
    float exposure = 0;
    float pose = 0;   ///< frontal
    float score = 0;  ///< the smallest part
    /// The name of the smallest part: "size", "sharpness", "exposure" or "pose".
    [[nodiscard]] char const* weakest() const;
};

/// One face, ready to be compared.
struct Face {
    cv::Rect2f box;  ///< convention faceapi, whichever detector found it
    float detection_score = 0;
    Landmarks landmarks;
    cv::Mat chip;  ///< CV_8UC3 BGR, the aligned square that the embedder saw
    Quality quality;
    std::vector<float> vector;  ///< un-normalised; size = Contract::dimensions; empty if embedding was not asked for
};

}  // namespace bioctl::face
