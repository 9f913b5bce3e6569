#include "tests/bench/palm_scenes.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <random>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "lib/base/error.hpp"
#include "lib/image/photo.hpp"

namespace bioctl::bench {

namespace {

using Random = std::mt19937;

double uniform(Random& random, double low, double high) {
    return std::uniform_real_distribution<double>{low, high}(random);
}

cv::Mat turned(cv::Mat const& picture, double degrees) {
    auto const longest = static_cast<double>(std::max(picture.cols, picture.rows));
    auto const shortest = static_cast<double>(std::min(picture.cols, picture.rows));
    int const side = static_cast<int>(std::hypot(longest, shortest));
    auto m = cv::getRotationMatrix2D({static_cast<float>(picture.cols) / 2, static_cast<float>(picture.rows) / 2}, degrees, 1);
    m.at<double>(0, 2) += (side - picture.cols) / 2.0;
    m.at<double>(1, 2) += (side - picture.rows) / 2.0;
    cv::Mat out;
    cv::warpAffine(picture, out, m, {side, side}, cv::INTER_LINEAR, cv::BORDER_CONSTANT, {20, 20, 20});
    return out;
}

cv::Mat as_jpeg(cv::Mat const& picture, int quality) {
    return image::decode(image::encode_jpeg(picture, quality), {})->pixels;
}

cv::Mat small(cv::Mat const& picture) {
    cv::Mat out;
    cv::resize(picture, out, {640, 480}, 0, 0, cv::INTER_AREA);
    return out;
}

/// Noise with spots of the given size, spread to -1 .. 1.
cv::Mat spots(cv::Size size, double across, double down, unsigned seed) {
    cv::Mat noise(size.height / 4, size.width / 4, CV_32F);
    cv::RNG{seed}.fill(noise, cv::RNG::NORMAL, 0, 1);
    cv::GaussianBlur(noise, noise, {0, 0}, std::max(.3, across / 4), std::max(.3, down / 4));
    cv::normalize(noise, noise, -1, 1, cv::NORM_MINMAX);
    cv::resize(noise, noise, size);
    return noise;
}

cv::Mat tinted(cv::Mat const& shade, cv::Scalar const& colour, double strength) {
    std::array<cv::Mat, 3> planes;
    for (std::size_t i = 0; i < 3; ++i) {
        double const level = colour[static_cast<int>(i)];
        cv::Mat plane = shade * (strength * level) + level;
        plane.convertTo(planes[i], CV_8U);
    }
    cv::Mat out;
    cv::merge(planes, out);
    return out;
}

cv::Scalar any_colour(Random& random) {
    return {uniform(random, 20, 235), uniform(random, 20, 235), uniform(random, 20, 235)};
}

void add_things(cv::Mat& picture, Random& random, int count) {
    for (int i = 0; i < count; ++i) {
        cv::Point const at{static_cast<int>(uniform(random, 0, picture.cols)),
                           static_cast<int>(uniform(random, 0, picture.rows))};
        cv::Size const size{static_cast<int>(uniform(random, 20, 180)), static_cast<int>(uniform(random, 15, 120))};
        double const angle = uniform(random, 0, 180);
        auto const colour = any_colour(random);
        if (i % 3 == 0) {
            cv::ellipse(picture, at, size, angle, 0, 360, colour, cv::FILLED, cv::LINE_AA);
        } else if (i % 3 == 1) {
            cv::rectangle(picture, cv::Rect{at, size}, colour, cv::FILLED);
        } else {
            cv::putText(picture, "Minutes of the meeting", at, cv::FONT_HERSHEY_SIMPLEX, 1, colour, 2, cv::LINE_AA);
        }
    }
}

/// A plane turned by `tilt` degrees about an axis in it, seen from three times its width.
cv::Matx33d tilted(cv::Size size, double tilt_deg, double axis_rad) {
    double const distance = 3.0 * size.width;
    double const tilt = tilt_deg * std::numbers::pi / 180;
    cv::Vec2d const across{-std::sin(axis_rad), std::cos(axis_rad)};
    std::array<cv::Point2f, 4> from;
    std::array<cv::Point2f, 4> to;
    cv::Point2d const middle{size.width / 2.0, size.height / 2.0};
    std::array<cv::Point2d, 4> const corners{cv::Point2d{0, 0}, cv::Point2d(size.width, 0), cv::Point2d(size.width, size.height),
                                             cv::Point2d(0, size.height)};
    for (std::size_t i = 0; i < 4; ++i) {
        auto const p = corners[i] - middle;
        double const away = p.x * across[0] + p.y * across[1];
        double const depth = distance / (distance + away * std::sin(tilt));
        double const shrink = away * (std::cos(tilt) - 1);
        from[i] = corners[i];
        to[i] = middle + cv::Point2d{p.x + across[0] * shrink, p.y + across[1] * shrink} * depth;
    }
    return cv::getPerspectiveTransform(from, to);
}

cv::Mat in_other_light(cv::Mat const& picture, Random& random) {
    std::array<cv::Mat, 3> planes;
    cv::split(picture, planes.data());
    double const gain = uniform(random, .7, 1.15);
    double const slope = uniform(random, -.35, .35);
    cv::Mat ramp(1, picture.cols, CV_32F);
    for (int x = 0; x < picture.cols; ++x)
        ramp.at<float>(0, x) = static_cast<float>(gain * (1 + slope * (static_cast<double>(x) / picture.cols - .5)));
    cv::Mat const field = cv::repeat(ramp, picture.rows, 1);
    for (auto& plane : planes) {
        cv::Mat lit;
        plane.convertTo(lit, CV_32F, uniform(random, .93, 1.07));
        cv::Mat(lit.mul(field)).convertTo(plane, CV_8U);
    }
    cv::Mat out;
    cv::merge(planes, out);
    return out;
}

}  // namespace

std::vector<Change> changes() {
    std::vector<Change> list{{"none", [](cv::Mat const& p) { return p; }}};
    list.push_back({"mirrored", [](cv::Mat const& p) {
                        cv::Mat out;
                        cv::flip(p, out, 1);
                        return out;
                    }});
    list.push_back({"640x480", small});
    list.push_back({"JPEG quality 40", [](cv::Mat const& p) { return as_jpeg(p, 40); }});
    list.push_back({"640x480, quality 40", [](cv::Mat const& p) { return as_jpeg(small(p), 40); }});
    list.push_back({"gain .4", [](cv::Mat const& p) { return cv::Mat(p * .4); }});
    list.push_back({"blur, sigma 4", [](cv::Mat const& p) {
                        cv::Mat out;
                        cv::GaussianBlur(p, out, {0, 0}, 4);
                        return out;
                    }});
    for (int degrees = 30; degrees < 360; degrees += 30)
        list.push_back({fmt::format("turned by {}", degrees), [degrees](cv::Mat const& p) { return turned(p, degrees); }});
    return list;
}

char const* name_of(Background background) {
    switch (background) {
        case Background::desk: return "desk";
        case Background::wood: return "wood";
        case Background::cloth: return "cloth";
        case Background::skin_tone: return "skin tone";
        case Background::cardboard: return "cardboard";
        case Background::clutter: return "clutter";
        case Background::photo: return "photo";
    }
    throw Error{Kind::bug, "a background without a name"};
}

cv::Mat make_background(Background background, cv::Size size, unsigned seed, cv::Mat const& photo) {
    Random random{seed};
    switch (background) {
        case Background::desk: {
            auto picture = tinted(spots(size, 200, 200, seed), any_colour(random), .1);
            add_things(picture, random, 4);
            return picture;
        }
        case Background::wood: {
            cv::Scalar const colour{uniform(random, 60, 110), uniform(random, 100, 150), uniform(random, 150, 200)};
            return tinted(spots(size, 120, 3, seed), colour, .25);
        }
        case Background::cloth: {
            auto const weave = spots(size, 2, 12, seed) * .5 + spots(size, 12, 2, seed + 1) * .5;
            return tinted(weave, any_colour(random), .3);
        }
        case Background::skin_tone: {
            cv::Scalar const colour{uniform(random, 90, 140), uniform(random, 120, 160), uniform(random, 170, 220)};
            return tinted(spots(size, 60, 60, seed), colour, .2);
        }
        case Background::cardboard: {
            cv::Scalar const colour{uniform(random, 90, 130), uniform(random, 130, 165), uniform(random, 160, 195)};
            return tinted(spots(size, 3, 40, seed), colour, .05);
        }
        case Background::clutter: {
            auto picture = tinted(spots(size, 100, 100, seed), any_colour(random), .2);
            add_things(picture, random, 45);
            return picture;
        }
        case Background::photo: {
            cv::Mat picture;
            cv::resize(photo, picture, size, 0, 0, cv::INTER_CUBIC);
            return picture;
        }
    }
    throw Error{Kind::bug, "a background that nobody draws"};
}

cv::Mat composite(cv::Mat const& picture, std::vector<cv::Point2f> const& contour, cv::Mat background, unsigned seed) {
    Random random{seed};
    cv::Mat mask = cv::Mat::zeros(picture.size(), CV_8UC1);
    std::vector<cv::Point> const outline(contour.begin(), contour.end());
    cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{outline}, 255);
    cv::erode(mask, mask, cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5}));  // without a rim of the old background

    double const scale = uniform(random, .6, 1) * background.cols / picture.cols;
    cv::Matx33d const place{scale, 0,     uniform(random, 0, 1) * (background.cols - scale * picture.cols),
                            0,     scale, uniform(random, 0, 1) * (background.rows - scale * picture.rows),
                            0,     0,     1};
    auto const view = place * tilted(picture.size(), uniform(random, 0, 20), uniform(random, 0, 2 * std::numbers::pi));
    cv::Mat hand;
    cv::Mat hand_mask;
    cv::warpPerspective(in_other_light(picture, random), hand, view, background.size());
    cv::warpPerspective(mask, hand_mask, view, background.size());
    cv::GaussianBlur(hand_mask, hand_mask, {0, 0}, 1.2);
    cv::Mat alpha;
    cv::cvtColor(hand_mask, alpha, cv::COLOR_GRAY2BGR);
    alpha.convertTo(alpha, CV_32F, 1 / 255.0);
    cv::Mat front;
    cv::Mat back;
    hand.convertTo(front, CV_32F);
    background.convertTo(back, CV_32F);
    cv::Mat both = front.mul(alpha) + back.mul(cv::Scalar::all(1) - alpha);
    both.convertTo(background, CV_8U);
    return as_jpeg(background, 85);
}

cv::Mat without_thumb(cv::Mat const& picture, std::vector<cv::Point2f> const& contour, cv::Point2f thumb_valley,
                      cv::Point2f index_valley, cv::Point2f towards_wrist) {
    cv::Mat out = picture.clone();
    auto const background = cv::mean(picture, [&] {
        cv::Mat mask(picture.size(), CV_8UC1, cv::Scalar{255});
        std::vector<cv::Point> const outline(contour.begin(), contour.end());
        cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{outline}, 0);
        return mask;
    }());
    // All on the thumb's side of a line through its valley, straight towards the wrist.
    cv::Point2f outward{towards_wrist.y, -towards_wrist.x};
    if (outward.dot(thumb_valley - index_valley) < 0) outward = -outward;
    auto const far = static_cast<float>(picture.cols + picture.rows);
    auto const start = thumb_valley - towards_wrist * (.02F * far) + outward * 2;
    std::vector<cv::Point> const thumb{start, start + outward * far, start + (outward + towards_wrist) * far,
                                       start + towards_wrist * far};
    cv::fillPoly(out, std::vector<std::vector<cv::Point>>{thumb}, background);
    return out;
}

}  // namespace bioctl::bench
