#include "lib/app/palm_photo.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace bioctl::app {

namespace {

/// The hand is searched in a far smaller picture, and of the palm 128 x 128 pixels are compared.
constexpr int k_enough_pixels = 1600;
constexpr int k_portrait_side = 800;
constexpr int k_portrait_quality = 90;
/// Of the hand's size, to each side: the search for a hand wants to see where it ends.
constexpr float k_portrait_margin = .08F;

void scale_up(std::vector<cv::Point2f>& points, float scale) {
    for (auto& point : points)
        point *= scale;
}

cv::Rect2f bounds_of(std::vector<cv::Point2f> const& points) {
    if (points.empty()) return {};
    cv::Point2f least = points.front(), most = points.front();
    for (auto const& point : points) {
        least = {std::min(least.x, point.x), std::min(least.y, point.y)};
        most = {std::max(most.x, point.x), std::max(most.y, point.y)};
    }
    return {least, most};
}

image::Outcome<PalmPhoto> look(ByteView file, image::Limits const& limits, palm::Search search) {
    auto decoded = image::decode(file, {.limits = limits, .min_longer_side = k_enough_pixels});
    if (!decoded) return tl::unexpected(std::move(decoded.error()));
    auto palm = palm::capture(decoded->pixels, search);
    auto const scale = static_cast<float>(decoded->to_full_scale());
    if (palm) {
        scale_up(palm->drawing.contour, scale);
        scale_up(palm->drawing.valleys, scale);
        scale_up(palm->drawing.region, scale);
    }
    return PalmPhoto{std::move(palm), std::move(decoded->pixels), scale, decoded->full_size};
}

}  // namespace

image::Outcome<PalmPhoto> look_for_palm(ByteView file, image::Limits const& limits, palm::Search search) {
    return guarded_look([&] { return look(file, limits, search); });
}

Box box_of(palm::Drawing const& drawing, cv::Size picture) {
    return clipped(bounds_of(drawing.contour), picture);
}

Bytes portrait_of(PalmPhoto const& photo) {
    auto const hand = bounds_of(photo.palm->drawing.contour);
    float const margin = k_portrait_margin * std::max(hand.width, hand.height);
    cv::Rect2f const wanted{(hand.x - margin) / photo.scale, (hand.y - margin) / photo.scale,
                            (hand.width + 2 * margin) / photo.scale, (hand.height + 2 * margin) / photo.scale};
    auto const box = clipped(wanted, photo.pixels.size());
    cv::Mat portrait = photo.pixels(cv::Rect{cv::Point{box.left, box.top}, cv::Point{box.right, box.bottom}});
    auto const longer = std::max(portrait.cols, portrait.rows);
    if (longer > k_portrait_side) {
        double const reduce = static_cast<double>(k_portrait_side) / longer;
        cv::Mat smaller;
        cv::resize(portrait, smaller, {}, reduce, reduce, cv::INTER_AREA);
        portrait = smaller;
    }
    return image::encode_jpeg(portrait, k_portrait_quality);
}

}  // namespace bioctl::app
