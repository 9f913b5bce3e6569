#include "lib/face/align.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "lib/base/error.hpp"
#include "lib/image/shrink.hpp"

namespace bioctl::face {

namespace {

struct TemplatePoint {
    int landmark;  // position in the list of points
    float x, y;
};

// dlib's mean face in units of the face square: points 27..67 without the lower lip (55-59, 65-67), which moves when people talk.
constexpr TemplatePoint k_dlib68[] = {
    {27, 0.490127F, 0.203352F}, {28, 0.490127F, 0.307009F}, {29, 0.490127F, 0.409805F}, {30, 0.490127F, 0.515625F},
    {31, 0.36688F, 0.587326F},  {32, 0.426036F, 0.609345F}, {33, 0.490127F, 0.628106F}, {34, 0.554217F, 0.609345F},
    {35, 0.613373F, 0.587326F}, {36, 0.121737F, 0.216423F}, {37, 0.187122F, 0.178758F}, {38, 0.265825F, 0.179852F},
    {39, 0.334606F, 0.231733F}, {40, 0.260918F, 0.245099F}, {41, 0.182743F, 0.244077F}, {42, 0.645647F, 0.231733F},
    {43, 0.714428F, 0.179852F}, {44, 0.793132F, 0.178758F}, {45, 0.858516F, 0.216423F}, {46, 0.79751F, 0.244077F},
    {47, 0.719335F, 0.245099F}, {48, 0.254149F, 0.780233F}, {49, 0.340985F, 0.745405F}, {50, 0.428858F, 0.727388F},
    {51, 0.490127F, 0.742578F}, {52, 0.551395F, 0.727388F}, {53, 0.639268F, 0.745405F}, {54, 0.726104F, 0.780233F},
    {60, 0.290379F, 0.784792F}, {61, 0.428096F, 0.778746F}, {62, 0.490127F, 0.785343F}, {63, 0.552157F, 0.778746F},
    {64, 0.689874F, 0.784792F}};

// Outer and inner corner of the eye at image right, the same at image left, base of the nose.
constexpr TemplatePoint k_dlib5[] = {{0, 0.8595674595992F, 0.2134981538014F},
                                     {1, 0.6460604764104F, 0.2289674387677F},
                                     {2, 0.1205750620789F, 0.2137274526848F},
                                     {3, 0.3340850613712F, 0.2290642403242F},
                                     {4, 0.4901123135679F, 0.6277975316475F}};

constexpr float k_dlib_padding = 0.25F;  // the recognisers' chips are get_face_chip_details(shape, 150, 0.25)

constexpr TemplatePoint k_arcface5[] = {
    {0, 38.2946F, 51.6963F}, {1, 73.5318F, 51.5014F}, {2, 56.0252F, 71.7366F}, {3, 41.5493F, 92.3655F}, {4, 70.7299F, 92.2041F}};
constexpr float k_arcface_size = 112;

struct PointPairs {
    std::vector<cv::Point2f> from, to;
};

PointPairs dlib_pairs(std::span<cv::Point2f const> landmarks, std::span<TemplatePoint const> target, int size) {
    PointPairs pairs;
    auto const scale = static_cast<float>(size) / (1 + 2 * k_dlib_padding);
    for (auto const& [landmark, x, y] : target) {
        pairs.from.push_back(landmarks[static_cast<std::size_t>(landmark)]);
        pairs.to.emplace_back((x + k_dlib_padding) * scale, (y + k_dlib_padding) * scale);
    }
    return pairs;
}

PointPairs arcface_pairs(std::span<cv::Point2f const> landmarks, int size) {
    PointPairs pairs;
    auto const scale = static_cast<float>(size) / k_arcface_size;
    auto const points = five_points(landmarks);
    for (auto const& [index, x, y] : k_arcface5) {
        pairs.from.push_back(points[static_cast<std::size_t>(index)]);
        pairs.to.emplace_back(x * scale, y * scale);
    }
    return pairs;
}

cv::Point2f centroid(std::span<cv::Point2f const> points) {
    cv::Point2f sum{0, 0};
    for (auto const& point : points)
        sum += point;
    return sum / static_cast<float>(points.size());
}

/// The rotation, scale and shift with the least squared error; degenerate input (all points in one place) gives scale 0.
cv::Matx23f similarity(PointPairs const& pairs) {
    auto const from_centre = centroid(pairs.from);
    auto const to_centre = centroid(pairs.to);
    double a = 0;
    double b = 0;
    double spread = 0;
    for (std::size_t i = 0; i < pairs.from.size(); ++i) {
        auto const p = pairs.from[i] - from_centre;
        auto const q = pairs.to[i] - to_centre;
        a += static_cast<double>(p.x * q.x + p.y * q.y);
        b += static_cast<double>(p.x * q.y - p.y * q.x);
        spread += static_cast<double>(p.x * p.x + p.y * p.y);
    }
    if (spread <= 0) return {0, 0, to_centre.x, 0, 0, to_centre.y};
    auto const c = static_cast<float>(a / spread);
    auto const s = static_cast<float>(b / spread);
    return {c, -s, to_centre.x - (c * from_centre.x - s * from_centre.y),  //
            s, c,  to_centre.y - (s * from_centre.x + c * from_centre.y)};
}

/// The part of the picture that the chip shows, with a border for the interpolation.
cv::Rect footprint(cv::Matx23f const& transform, int size, cv::Size picture) {
    cv::Matx23f inverse;
    cv::invertAffineTransform(transform, inverse);
    std::vector<cv::Point2f> corners;
    auto const end = static_cast<float>(size);
    for (auto const& corner : {cv::Point2f{0, 0}, {end, 0}, {0, end}, {end, end}}) {
        auto const p = inverse * cv::Vec3f(corner.x, corner.y, 1);
        corners.emplace_back(p[0], p[1]);
    }
    auto const box = cv::boundingRect(corners);
    int const border = 2 + static_cast<int>(2 * picture_pixels_per_chip_pixel(transform));
    return (box + cv::Size(2 * border, 2 * border) - cv::Point(border, border)) & cv::Rect({0, 0}, picture);
}

}  // namespace

Template template_from(std::string_view name) {
    if (name == "dlib-68") return Template::dlib68;
    if (name == "arcface-5") return Template::arcface5;
    throw Error{Kind::data, fmt::format("unknown alignment template '{}'; use dlib-68 or arcface-5", name)};
}

FivePoints five_points(std::span<cv::Point2f const> landmarks68) {
    if (landmarks68.size() != 68) {
        throw Error{Kind::config,
                    "this recogniser is aligned by five points of 68 landmarks; `bioctl models use` a 68-point model"};
    }
    return {centroid(landmarks68.subspan(36, 6)), centroid(landmarks68.subspan(42, 6)), landmarks68[30], landmarks68[48],
            landmarks68[54]};
}

std::pair<cv::Point2f, cv::Point2f> eyes(std::span<cv::Point2f const> landmarks) {
    if (landmarks.size() == 5) return {centroid(landmarks.subspan(2, 2)), centroid(landmarks.subspan(0, 2))};
    return {centroid(landmarks.subspan(36, 6)), centroid(landmarks.subspan(42, 6))};
}

cv::Matx23f chip_transform(std::span<cv::Point2f const> landmarks, Template target, int size) {
    if (target == Template::arcface5) return similarity(arcface_pairs(landmarks, size));
    if (landmarks.size() == 5) return similarity(dlib_pairs(landmarks, k_dlib5, size));
    return similarity(dlib_pairs(landmarks, k_dlib68, size));
}

float picture_pixels_per_chip_pixel(cv::Matx23f const& transform) {
    auto const scale = std::hypot(transform(0, 0), transform(1, 0));
    return scale > 0 ? 1 / scale : 0;
}

cv::Matx23f widened(cv::Matx23f const& transform, int size, float factor, int out_size) {
    auto const scale = static_cast<float>(out_size) / (static_cast<float>(size) * factor);
    auto const shift = static_cast<float>(size) * (factor - 1) / 2;
    auto result = transform;
    result(0, 2) += shift;
    result(1, 2) += shift;
    return result * scale;
}

cv::Mat cut(cv::Mat const& picture, cv::Matx23f const& transform, int size) {
    auto const area = footprint(transform, size, picture.size());
    if (area.empty()) return cv::Mat::zeros(size, size, CV_8UC3);
    cv::Mat part = picture(area);
    cv::Matx33f shifted(transform(0, 0), transform(0, 1), transform(0, 2), transform(1, 0), transform(1, 1), transform(1, 2), 0,
                        0, 1);
    shifted = shifted * cv::Matx33f(1, 0, static_cast<float>(area.x), 0, 1, static_cast<float>(area.y), 0, 0, 1);
    // Bilinear sampling sees two pixels at a time: beyond a factor of two it would skip some, so whole factors are averaged
    // before.
    if (int const factor = static_cast<int>(picture_pixels_per_chip_pixel(transform)); factor >= 2) {
        auto const shrunk = image::shrunk(part, {std::max(1, part.cols / factor), std::max(1, part.rows / factor)});
        auto const sx = static_cast<float>(part.cols) / static_cast<float>(shrunk.cols);
        auto const sy = static_cast<float>(part.rows) / static_cast<float>(shrunk.rows);
        // The centre of shrunk pixel i covers part pixels i*s .. (i+1)*s - 1.
        shifted = shifted * cv::Matx33f(sx, 0, (sx - 1) / 2, 0, sy, (sy - 1) / 2, 0, 0, 1);
        part = shrunk;
    }
    cv::Mat chip;
    cv::warpAffine(part, chip, shifted.get_minor<2, 3>(0, 0), {size, size}, cv::INTER_LINEAR, cv::BORDER_CONSTANT);
    return chip;
}

}  // namespace bioctl::face
