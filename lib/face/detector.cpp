#include "lib/face/detector.hpp"

#include <algorithm>
#include <cmath>

namespace bioctl::face {

namespace {

cv::Rect2f centred(cv::Point2f centre, float width, float height) {
    return {centre.x - width / 2, centre.y - height / 2, width, height};
}

float overlap(cv::Rect2f const& a, cv::Rect2f const& b) {
    auto const shared = (a & b).area();
    auto const both = a.area() + b.area() - shared;
    return both > 0 ? shared / both : 0;
}

}  // namespace

float Detector::best_score(Turned const& /*picture*/, std::span<Detection const> /*known*/) {
    return 0;
}

float best_score(std::span<Detection const> detections) {
    float best = 0;
    for (auto const& detection : detections)
        best = std::max(best, detection.score);
    return best;
}

std::vector<Detection> suppressed(std::vector<Detection> detections, float iou) {
    std::stable_sort(detections.begin(), detections.end(), [](auto const& a, auto const& b) { return a.score > b.score; });
    std::vector<Detection> kept;
    for (auto& detection : detections) {
        auto const box = faceapi_box(detection);
        bool const repeats = std::any_of(kept.begin(), kept.end(),
                                         [&](Detection const& better) { return overlap(faceapi_box(better), box) > iou; });
        if (!repeats) kept.push_back(std::move(detection));
    }
    return kept;
}

cv::Rect2f faceapi_box(Detection const& detection) {
    auto const& box = detection.box;
    auto const centre = (box.tl() + box.br()) / 2;
    switch (detection.convention) {
        case BoxConvention::faceapi: return box;
        case BoxConvention::yunet:
            return centred(centre + cv::Point2f{0, 0.014F * box.height}, box.width / 0.927F, 0.95F * box.height);
        case BoxConvention::tiny: return centred(centre, box.width, box.height);
        case BoxConvention::hog: return centred(centre, box.width, box.height);
    }
    return box;
}

cv::Rect2f hog_box(Detection const& detection) {
    if (detection.convention == BoxConvention::hog) return detection.box;
    auto const box = faceapi_box(detection);
    auto const side = 0.976F * std::sqrt(box.width * 0.927F * box.height / 0.95F);
    return centred((box.tl() + box.br()) / 2 + cv::Point2f{0, 0.04F * box.height / 0.95F}, side, side);
}

}  // namespace bioctl::face
