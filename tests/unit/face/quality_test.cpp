#include "lib/face/quality.hpp"

#include <catch2/catch.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

using namespace bioctl::face;

namespace {

/// A grey checkerboard with edges everywhere.
cv::Mat textured_chip(int dark, int bright) {
    cv::Mat chip(150, 150, CV_8UC3);
    for (int y = 0; y < 150; ++y) {
        for (int x = 0; x < 150; ++x)
            chip.at<cv::Vec3b>(y, x) = cv::Vec3b::all(static_cast<unsigned char>((x / 6 + y / 6) % 2 == 0 ? dark : bright));
    }
    return chip;
}

/// dlib's five points with the eyes `distance` pixels apart and the nose at `nose` of the way between the outer corners.
Landmarks face_with(float distance, float nose) {
    float const outer = distance * 1.3F;
    return {{outer, 0}, {outer - 0.3F * distance, 0}, {0, 0}, {0.3F * distance, 0}, {nose * outer, distance}};
}

}  // namespace

TEST_CASE("a large, sharp, well-lit frontal face has no weak point", "[face]") {
    auto const quality = assess(textured_chip(80, 160), face_with(80, 0.5F));
    CHECK(quality.size == 1);
    CHECK(quality.pose == 1);
    CHECK(quality.exposure == 1);
    CHECK(quality.sharpness > 0.9F);
    CHECK(quality.score == quality.sharpness);
}

TEST_CASE("each flaw is found and named", "[face]") {
    auto const good = textured_chip(80, 160);
    CHECK(std::string{assess(good, face_with(15, 0.5F)).weakest()} == "size");
    CHECK(assess(good, face_with(10, 0.5F)).score == 0);
    cv::Mat blurred;
    cv::GaussianBlur(good, blurred, {0, 0}, 8);
    CHECK(std::string{assess(blurred, face_with(80, 0.5F)).weakest()} == "sharpness");
    CHECK(std::string{assess(textured_chip(0, 40), face_with(80, 0.5F)).weakest()} == "exposure");
    CHECK(std::string{assess(textured_chip(225, 255), face_with(80, 0.5F)).weakest()} == "exposure");
    CHECK(std::string{assess(good, face_with(80, 0.05F)).weakest()} == "pose");
}

TEST_CASE("the more a face is turned, the lower its pose", "[face]") {
    float last = 2;
    for (float const nose : {0.5F, 0.75F, 0.85F, 0.95F, 1.1F}) {
        auto const pose = assess(textured_chip(80, 160), face_with(80, nose)).pose;
        CHECK(pose <= last);
        last = pose;
    }
    CHECK(last == 0);
}
