#pragma once
// Looking for faces in a picture that may lie on its side, or show them badly.

#include <memory>
#include <optional>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "lib/face/detector.hpp"
#include "lib/face/models.hpp"
#include "lib/face/stage_times.hpp"
#include "lib/face/turned.hpp"
#include "lib/face/types.hpp"

namespace bioctl::face {

/// Detections of the first try that finds any, and the picture it found them in.
struct Sighting {
    std::vector<Detection> detections;
    cv::Mat turned;
    int rotation = 0;  ///< clockwise, of `turned`: 0, 90, 180, 270
};

/// One thread per object. The detector is loaded when it is first needed.
class Finder {
public:
    /// Both must outlive it.
    Finder(ModelInfo const& detector, StageTimes& times) : m_model(detector), m_times(times) {}

    /// picture: CV_8UC3 BGR. Turned, at more sizes and with another detector, until a face is found.
    [[nodiscard]] Sighting thorough(cv::Mat const& picture);
    /// Upright, and nothing where that leaves a doubt. For pictures that are smaller than thorough() should have them.
    [[nodiscard]] std::optional<Sighting> clear(cv::Mat const& picture);
    /// Upright, once.
    [[nodiscard]] Sighting quick(cv::Mat const& picture);

private:
    std::vector<Detection> detect(cv::Mat const& turned, Effort effort);
    Sighting upright(cv::Mat const& picture, Sighting first);
    bool may_be_turned(Turned const& turned, Sighting const& sighting, float to_beat);

    ModelInfo const& m_model;
    StageTimes& m_times;
    std::unique_ptr<Detector> m_detector;
};

}  // namespace bioctl::face
