#include "lib/face/quality.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <opencv2/imgproc.hpp>

#include "lib/face/align.hpp"

namespace bioctl::face {

namespace {

/// 0 at `from`, 1 at `to`, straight between and level outside.
float ramp(float value, float from, float to) {
    return std::clamp((value - from) / (to - from), 0.0F, 1.0F);
}

float size_of(std::span<cv::Point2f const> landmarks) {
    auto const [left, right] = eyes(landmarks);
    return ramp(std::hypot(right.x - left.x, right.y - left.y), 12, 48);
}

/// The part of the chip that shows the face and not the background.
cv::Mat inner_grey(cv::Mat const& chip) {
    cv::Mat grey;
    cv::cvtColor(chip, grey, cv::COLOR_BGR2GRAY);
    int const border = chip.cols / 5;
    return grey(cv::Rect{border, border, chip.cols - 2 * border, chip.rows - 2 * border});
}

float sharpness_of(cv::Mat const& grey) {
    cv::Mat edges;
    cv::Laplacian(grey, edges, CV_32F);
    cv::Scalar mean;
    cv::Scalar deviation;
    cv::meanStdDev(edges, mean, deviation);
    double const variance = deviation[0] * deviation[0];
    return static_cast<float>(variance / (variance + 60));
}

float exposure_of(cv::Mat const& grey) {
    cv::Scalar mean;
    cv::Scalar deviation;
    cv::meanStdDev(grey, mean, deviation);
    auto const level = static_cast<float>(mean[0]);
    return std::min({ramp(level, 15, 60), ramp(level, 245, 200), ramp(static_cast<float>(deviation[0]), 5, 25)});
}

float pose_of(std::span<cv::Point2f const> landmarks) {
    bool const five = landmarks.size() == 5;
    auto const left = landmarks[five ? 2 : 36];
    auto const right = landmarks[five ? 0 : 45];
    auto const nose = landmarks[five ? 4 : 30];
    auto const line = right - left;
    float const length = line.dot(line);
    if (length <= 0) return 0;
    float const middle = std::abs(2 * (nose - left).dot(line) / length - 1);
    return ramp(middle, 1, 1 / 3.0F);
}

}  // namespace

char const* Quality::weakest() const {
    std::array<std::pair<float, char const*>, 4> const parts{
        {{size, "size"}, {sharpness, "sharpness"}, {exposure, "exposure"}, {pose, "pose"}}};
    return std::min_element(parts.begin(), parts.end(), [](auto const& a, auto const& b) { return a.first < b.first; })->second;
}

Quality assess(cv::Mat const& chip, std::span<cv::Point2f const> landmarks) {
    auto const grey = inner_grey(chip);
    Quality quality{.size = size_of(landmarks),
                    .sharpness = sharpness_of(grey),
                    .exposure = exposure_of(grey),
                    .pose = pose_of(landmarks),
                    .score = 0};
    quality.score = std::min({quality.size, quality.sharpness, quality.exposure, quality.pose});
    return quality;
}

}  // namespace bioctl::face
