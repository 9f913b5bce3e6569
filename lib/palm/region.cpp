#include "lib/palm/region.hpp"

#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "lib/palm/gates.hpp"

namespace bioctl::palm {

namespace {

constexpr int k_whole = k_region_pixels + 2 * k_margin_pixels;
constexpr int k_oversampling = 2;

/// Picture from region: where the middle of the region pixel (u, v) lies, the region being `pixels` wide with its margin.
cv::Matx23f picture_from_region(Frame const& frame, Pose const& pose, int pixels) {
    float const angle = pose.turn_deg * std::numbers::pi_v<float> / 180;
    auto const across = frame.x * std::cos(angle) + frame.y * std::sin(angle);
    auto const down = frame.y * std::cos(angle) - frame.x * std::sin(angle);
    float const step = region_side(frame) * pose.scale * k_whole / k_region_pixels / static_cast<float>(pixels);
    auto const middle = frame.at(0, k_region_down);
    float const half = static_cast<float>(pixels - 1) / 2;
    auto const first = middle - (across + down) * (half * step);
    return {across.x * step, down.x * step, first.x, across.y * step, down.y * step, first.y};
}

/// The part of the picture that the region needs, shrunk by a whole factor where the region is coarser than the picture.
struct Source {
    cv::Mat grey;
    cv::Matx23f from_region;
};

Source source_for(cv::Mat const& picture, cv::Matx23f const& from_region, int pixels) {
    auto const last = static_cast<float>(pixels - 1);
    std::vector<cv::Point2f> corners;
    for (auto const& corner : {cv::Point2f{0, 0}, cv::Point2f{last, 0}, cv::Point2f{0, last}, cv::Point2f{last, last}})
        corners.push_back({from_region(0, 0) * corner.x + from_region(0, 1) * corner.y + from_region(0, 2),
                           from_region(1, 0) * corner.x + from_region(1, 1) * corner.y + from_region(1, 2)});
    auto const box = cv::boundingRect(corners);
    auto const shown = cv::Rect{box.x - 2, box.y - 2, box.width + 4, box.height + 4} & cv::Rect{0, 0, picture.cols, picture.rows};
    if (shown.empty()) return {cv::Mat{1, 1, CV_8UC1, cv::Scalar{0}}, {0, 0, -9, 0, 0, -9}};
    Source source{.grey = {}, .from_region = from_region};
    cv::cvtColor(picture(shown), source.grey, cv::COLOR_BGR2GRAY);
    source.from_region(0, 2) -= static_cast<float>(shown.x);
    source.from_region(1, 2) -= static_cast<float>(shown.y);

    float const step = std::hypot(from_region(0, 0), from_region(1, 0));
    if (int const factor = static_cast<int>(step); factor > 1) {
        cv::Size const size{std::max(1, source.grey.cols / factor), std::max(1, source.grey.rows / factor)};
        cv::Mat const whole = source.grey(
            cv::Rect{0, 0, std::min(source.grey.cols, size.width * factor), std::min(source.grey.rows, size.height * factor)});
        cv::Mat small;
        cv::resize(whole, small, size, 0, 0, cv::INTER_AREA);
        source.grey = small;
        source.from_region = source.from_region * (1.0F / static_cast<float>(factor));
        float const shift = .5F / static_cast<float>(factor) - .5F;  // (x + .5) / factor - .5
        source.from_region(0, 2) += shift;
        source.from_region(1, 2) += shift;
    }
    return source;
}

cv::Mat valid_part(Hand const& hand, cv::Matx23f const& from_region) {
    cv::Matx23f to_region;
    cv::invertAffineTransform(from_region, to_region);
    std::vector<cv::Point> contour;
    for (auto const& point : hand.contour)
        contour.emplace_back(cv::saturate_cast<int>(to_region(0, 0) * point.x + to_region(0, 1) * point.y + to_region(0, 2)),
                             cv::saturate_cast<int>(to_region(1, 0) * point.x + to_region(1, 1) * point.y + to_region(1, 2)));
    cv::Mat valid = cv::Mat::zeros(k_whole, k_whole, CV_8UC1);
    if (contour.size() > 2) cv::fillPoly(valid, std::vector<std::vector<cv::Point>>{contour}, 255);
    return valid;
}

}  // namespace

float region_side(Frame const& frame) {
    return k_region_side * frame.length;
}

std::vector<cv::Point2f> region_corners(Frame const& frame) {
    float const half = k_region_side / 2;
    return {frame.at(-half, k_region_down - half), frame.at(half, k_region_down - half), frame.at(half, k_region_down + half),
            frame.at(-half, k_region_down + half)};
}

Region cut_region(cv::Mat const& picture, Hand const& hand, Pose const& pose) {
    constexpr int k_fine = k_whole * k_oversampling;
    auto const source = source_for(picture, picture_from_region(hand.frame, pose, k_fine), k_fine);
    cv::Mat fine;
    cv::warpAffine(source.grey, fine, source.from_region, {k_fine, k_fine}, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP);
    cv::Mat coarse;
    cv::resize(fine, coarse, {k_whole, k_whole}, 0, 0, cv::INTER_AREA);
    Region region;
    coarse.convertTo(region.grey, CV_32F);
    region.valid = valid_part(hand, picture_from_region(hand.frame, pose, k_whole));
    return region;
}

}  // namespace bioctl::palm
