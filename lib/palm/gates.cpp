#include "lib/palm/gates.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <opencv2/imgproc.hpp>

namespace bioctl::palm {

namespace {

bool is_inside(cv::Mat const& mask, cv::Point2f point) {
    auto const x = static_cast<int>(std::lround(point.x));
    auto const y = static_cast<int>(std::lround(point.y));
    return x >= 0 && y >= 0 && x < mask.cols && y < mask.rows && mask.at<std::uint8_t>(y, x) != 0;
}

/// Mean width of the four fingers that a line across them cuts, in valley distances; nothing if it does not cut four.
std::optional<float> mean_width(cv::Mat const& mask, Frame const& frame, float outward) {
    constexpr float k_reach = 1.1F;
    constexpr int k_samples = 441;
    int runs = 0;
    int inside = 0;
    bool was_inside = false;
    for (int i = 0; i < k_samples; ++i) {
        float const across = k_reach * (2 * static_cast<float>(i) / (k_samples - 1) - 1);
        bool const is_in = is_inside(mask, frame.at(across, -outward));
        if (is_in && !was_inside) ++runs;
        inside += is_in ? 1 : 0;
        was_inside = is_in;
    }
    if (runs != 4) return std::nullopt;
    return static_cast<float>(inside) * 2 * k_reach / k_samples / 4;
}

/// How many of the lines across the fingers cut four of a finger's width.
int lines_with_four_fingers(cv::Mat const& mask, Frame const& frame) {
    int lines = 0;
    for (float const outward : {.2F, .3F, .4F}) {
        auto const width = mean_width(mask, frame, outward);
        if (width && *width >= .22F && *width <= .55F) ++lines;
    }
    return lines;
}

float shortest_finger(Reading const& reading) {
    float shortest = INFINITY;
    for (auto const& tip : reading.tips)
        shortest = std::min(shortest, -(tip - reading.frame.origin).dot(reading.frame.y) / reading.frame.length);
    return shortest;
}

double solidity(Blob const& blob) {
    std::vector<cv::Point> hull;
    cv::convexHull(blob.contour, hull);
    return blob.area / cv::contourArea(hull);
}

float coverage(cv::Mat const& mask, Frame const& frame) {
    constexpr int k_samples = 33;
    int inside = 0;
    for (int i = 0; i < k_samples; ++i) {
        for (int j = 0; j < k_samples; ++j) {
            float const across = k_region_side * (static_cast<float>(i) / (k_samples - 1) - .5F);
            float const down = k_region_side * (static_cast<float>(j) / (k_samples - 1) - .5F);
            if (is_inside(mask, frame.at(across, k_region_down + down))) ++inside;
        }
    }
    return static_cast<float>(inside) / (k_samples * k_samples);
}

}  // namespace

Verdict judge(Blob const& blob, Reading const& reading) {
    // A thumb is much of the evidence: without one, the four fingers have to be clear.
    bool const is_thumbless = !reading.thumb_valley;
    std::size_t const most_tips = is_thumbless ? 6 : 8;
    float const least_finger = is_thumbless ? .75F : .6F;
    int const least_lines = is_thumbless ? 2 : 1;
    float const most_cost = is_thumbless ? k_thumbless_cost + 1.5F : INFINITY;
    constexpr float k_least_coverage = .97F;

    float const length_to_radius = reading.frame.length / blob.radius;
    double const solid = solidity(blob);
    bool const is_hand = reading.all_tips <= most_tips && length_to_radius >= .75F && length_to_radius <= 1.45F && solid >= .5 &&
                         solid <= .9 && shortest_finger(reading) >= least_finger && reading.cost <= most_cost &&
                         lines_with_four_fingers(blob.mask, reading.frame) >= least_lines;
    if (!is_hand) return Verdict::not_a_hand;
    return coverage(blob.mask, reading.frame) >= k_least_coverage ? Verdict::hand : Verdict::covered;
}

}  // namespace bioctl::palm
