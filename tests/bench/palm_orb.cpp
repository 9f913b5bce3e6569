#include "tests/bench/palm_orb.hpp"

#include <algorithm>
#include <vector>

#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>

namespace bioctl::bench {

struct KeyPoints {
    cv::Mat descriptors;
};

std::shared_ptr<KeyPoints const> key_points(cv::Mat const& picture) {
    cv::Mat grey;
    cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
    cv::resize(grey, grey, {400, 400});
    cv::createCLAHE(3, {8, 8})->apply(grey, grey);
    cv::GaussianBlur(grey, grey, {5, 5}, 0);
    cv::adaptiveThreshold(grey, grey, 255, cv::ADAPTIVE_THRESH_GAUSSIAN_C, cv::THRESH_BINARY_INV, 11, 2);
    std::vector<cv::KeyPoint> points;
    auto found = std::make_shared<KeyPoints>();
    cv::ORB::create(1000)->detectAndCompute(grey, cv::noArray(), points, found->descriptors);
    return found;
}

float distance(KeyPoints const& a, KeyPoints const& b) {
    auto const fewest = std::min(a.descriptors.rows, b.descriptors.rows);
    if (fewest < 2) return 1;
    std::vector<std::vector<cv::DMatch>> matches;
    cv::BFMatcher{cv::NORM_HAMMING}.knnMatch(a.descriptors, b.descriptors, matches, 2);
    auto const good = std::count_if(matches.begin(), matches.end(), [](auto const& pair) {
        return pair.size() == 2 && pair[0].distance < .75F * pair[1].distance;
    });
    return 1 - static_cast<float>(good) / static_cast<float>(fewest);
}

}  // namespace bioctl::bench
