#include "lib/palm/outline.hpp"

#include <algorithm>
#include <array>

#include <opencv2/imgproc.hpp>

#include "lib/base/error.hpp"

namespace bioctl::palm {

namespace {

constexpr double k_least_area = .03;  // of the picture
constexpr double k_most_area = .75;
constexpr double k_second_area = 1.0 / 3;  // of the largest
constexpr float k_least_radius = 20;
constexpr std::size_t k_least_contour = 200;

cv::Mat above_otsu(cv::Mat const& plane) {
    cv::Mat mask;
    cv::threshold(plane, mask, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
    return mask;
}

std::array<cv::Mat, 3> planes_of(cv::Mat const& picture, int conversion) {
    cv::Mat converted;
    cv::cvtColor(picture, converted, conversion);
    std::array<cv::Mat, 3> planes;
    cv::split(converted, planes.data());
    return planes;
}

cv::Mat by_red(cv::Mat const& picture) {
    constexpr int k_skin_margin = 8;
    auto const planes = planes_of(picture, cv::COLOR_BGR2YCrCb);
    cv::Mat red;
    cv::extractChannel(picture, red, 2);
    cv::Mat cb_raised;
    cv::add(planes[2], k_skin_margin, cb_raised);
    return above_otsu(red) & (planes[1] > cb_raised);
}

std::uint8_t median_of_border(cv::Mat const& plane) {
    std::vector<std::uint8_t> border;
    for (int x = 0; x < plane.cols; ++x) {
        border.push_back(plane.at<std::uint8_t>(0, x));
        border.push_back(plane.at<std::uint8_t>(plane.rows - 1, x));
    }
    for (int y = 0; y < plane.rows; ++y) {
        border.push_back(plane.at<std::uint8_t>(y, 0));
        border.push_back(plane.at<std::uint8_t>(y, plane.cols - 1));
    }
    auto const middle = border.begin() + static_cast<std::ptrdiff_t>(border.size() / 2);
    std::nth_element(border.begin(), middle, border.end());
    return *middle;
}

cv::Mat by_border(cv::Mat const& picture) {
    constexpr std::array<float, 3> k_weights{.25F, 4, 4};  // shadows change L, hardly a and b
    cv::Mat distance = cv::Mat::zeros(picture.size(), CV_32F);
    auto const planes = planes_of(picture, cv::COLOR_BGR2Lab);
    for (std::size_t i = 0; i < planes.size(); ++i) {
        cv::Mat difference;
        cv::absdiff(planes[i], median_of_border(planes[i]), difference);
        difference.convertTo(difference, CV_32F);
        distance += difference.mul(difference, k_weights[i]);
    }
    cv::sqrt(distance, distance);
    cv::Mat rounded;
    distance.convertTo(rounded, CV_8U);  // saturates
    return above_otsu(rounded);
}

std::optional<Blob> make_blob(std::vector<cv::Point> contour, cv::Size size) {
    if (contour.size() < k_least_contour) return std::nullopt;
    Blob blob;
    blob.mask = cv::Mat::zeros(size, CV_8UC1);
    cv::drawContours(blob.mask, std::vector<std::vector<cv::Point>>{contour}, 0, 255, cv::FILLED);
    blob.area = cv::countNonZero(blob.mask);
    if (double const share = blob.area / size.area(); share < k_least_area || share > k_most_area) return std::nullopt;

    // With a rim of background the picture's border counts as the hand's edge.
    cv::Mat framed;
    cv::copyMakeBorder(blob.mask, framed, 1, 1, 1, 1, cv::BORDER_CONSTANT, 0);
    cv::Mat depth;
    cv::distanceTransform(framed, depth, cv::DIST_L2, cv::DIST_MASK_5);
    double radius = 0;
    cv::Point centre;
    cv::minMaxLoc(depth, nullptr, &radius, nullptr, &centre);
    blob.radius = static_cast<float>(radius);
    blob.centre = {static_cast<float>(centre.x - 1), static_cast<float>(centre.y - 1)};
    blob.contour = std::move(contour);
    if (blob.radius < k_least_radius) return std::nullopt;
    return blob;
}

}  // namespace

cv::Mat segment(cv::Mat const& picture, Segmentation how) {
    switch (how) {
        case Segmentation::red_difference: return above_otsu(planes_of(picture, cv::COLOR_BGR2YCrCb)[1]);
        case Segmentation::red: return by_red(picture);
        case Segmentation::border: return by_border(picture);
    }
    throw Error{Kind::bug, "a segmentation without a name"};
}

std::vector<Blob> blobs(cv::Mat mask) {
    cv::morphologyEx(mask, mask, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5}));
    std::vector<std::vector<cv::Point>> contours;
    cv::findContours(mask, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    std::vector<std::pair<double, std::size_t>> by_area;
    for (std::size_t i = 0; i < contours.size(); ++i)
        by_area.emplace_back(-cv::contourArea(contours[i]), i);
    std::sort(by_area.begin(), by_area.end());
    if (by_area.size() > 2) by_area.resize(2);
    if (by_area.size() == 2 && by_area[1].first > by_area[0].first * k_second_area) by_area.pop_back();

    std::vector<Blob> found;
    for (auto const& [area, index] : by_area) {
        if (auto blob = make_blob(std::move(contours[index]), mask.size())) found.push_back(std::move(*blob));
    }
    return found;
}

}  // namespace bioctl::palm
