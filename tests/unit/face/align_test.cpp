#include "lib/face/align.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "lib/base/error.hpp"

using namespace bioctl::face;

TEST_CASE("five arcface points that lie on the template need no transform", "[face]") {
    Landmarks landmarks(68, {0, 0});
    for (std::size_t i = 36; i < 42; ++i)
        landmarks[i] = {38.2946F, 51.6963F};
    for (std::size_t i = 42; i < 48; ++i)
        landmarks[i] = {73.5318F, 51.5014F};
    landmarks[30] = {56.0252F, 71.7366F};
    landmarks[48] = {41.5493F, 92.3655F};
    landmarks[54] = {70.7299F, 92.2041F};
    auto const transform = chip_transform(landmarks, Template::arcface5, 112);
    CHECK(transform(0, 0) == Approx(1).margin(1e-4));
    CHECK(transform(1, 0) == Approx(0).margin(1e-4));
    CHECK(transform(0, 2) == Approx(0).margin(1e-2));
    CHECK(transform(1, 2) == Approx(0).margin(1e-2));
}

TEST_CASE("a rotated, scaled and shifted face is brought back", "[face]") {
    float const angle = 0.5F;
    float const zoom = 3;
    // dlib's 5 points on the template of 150 pixels, seen through a similarity.
    Landmarks landmarks;
    for (auto const& p : {cv::Point2f{0.8595674595992F, 0.2134981538014F},
                          {0.6460604764104F, 0.2289674387677F},
                          {0.1205750620789F, 0.2137274526848F},
                          {0.3340850613712F, 0.2290642403242F},
                          {0.4901123135679F, 0.6277975316475F}}) {
        cv::Point2f const chip{(p.x + 0.25F) * 100, (p.y + 0.25F) * 100};
        landmarks.emplace_back(zoom * (std::cos(angle) * chip.x - std::sin(angle) * chip.y) + 40,
                               zoom * (std::sin(angle) * chip.x + std::cos(angle) * chip.y) - 7);
    }
    auto const transform = chip_transform(landmarks, Template::dlib68, 150);
    CHECK(picture_pixels_per_chip_pixel(transform) == Approx(zoom).epsilon(1e-4));
    auto const back = transform * cv::Vec3f(landmarks[4].x, landmarks[4].y, 1);
    CHECK(back[0] == Approx((0.4901123135679F + 0.25F) * 100).margin(1e-2));
    CHECK(back[1] == Approx((0.6277975316475F + 0.25F) * 100).margin(1e-2));
}

TEST_CASE("the arcface template refuses dlib's five points and says what to do", "[face]") {
    CHECK_THROWS_WITH(chip_transform(Landmarks(5, {1, 2}), Template::arcface5, 112), Catch::Contains("68-point model"));
}

TEST_CASE("landmarks that all fall on one point give a chip instead of a division by zero", "[face]") {
    cv::Mat const picture(50, 50, CV_8UC3, cv::Scalar(10, 20, 30));
    auto const transform = chip_transform(Landmarks(68, {25, 25}), Template::dlib68, 150);
    CHECK(picture_pixels_per_chip_pixel(transform) == 0);
    CHECK(cut(picture, transform, 150).size() == cv::Size(150, 150));
}

TEST_CASE("a chip shows the picture's pixels, and black outside of it", "[face]") {
    cv::Mat picture(60, 60, CV_8UC3, cv::Scalar(0, 0, 0));
    picture(cv::Rect{0, 0, 60, 30}).setTo(cv::Scalar(200, 100, 50));
    auto const chip = cut(picture, {1, 0, 20, 0, 1, 20}, 100);
    CHECK(chip.at<cv::Vec3b>(10, 50) == cv::Vec3b(0, 0, 0));       // above the picture
    CHECK(chip.at<cv::Vec3b>(30, 50) == cv::Vec3b(200, 100, 50));  // its upper half
    CHECK(chip.at<cv::Vec3b>(70, 50) == cv::Vec3b(0, 0, 0));       // its lower half
}

TEST_CASE("shrinking a large face averages pixels instead of skipping them", "[face]") {
    cv::Mat picture(800, 800, CV_8UC3);
    for (int y = 0; y < 800; ++y) {
        for (int x = 0; x < 800; ++x)
            picture.at<cv::Vec3b>(y, x) = (x + y) % 2 == 0 ? cv::Vec3b(255, 255, 255) : cv::Vec3b(0, 0, 0);
    }
    auto const chip = cut(picture, {0.125F, 0, 0, 0, 0.125F, 0}, 100);
    cv::Scalar mean, deviation;
    cv::meanStdDev(chip(cv::Rect{10, 10, 80, 80}), mean, deviation);
    CHECK(mean[0] == Approx(127.5).margin(2));
    CHECK(deviation[0] < 3);
}

TEST_CASE("a widened view keeps the chip's middle and shows more around it", "[face]") {
    cv::Matx23f const transform{0.5F, 0, 10, 0, 0.5F, 20};
    auto const wide = widened(transform, 150, 2, 400);
    // The chip's middle (75, 75) is the picture's (130, 110), and must be the portrait's (200, 200).
    auto const middle = wide * cv::Vec3f(130, 110, 1);
    CHECK(middle[0] == Approx(200).margin(1e-3));
    CHECK(middle[1] == Approx(200).margin(1e-3));
    CHECK(picture_pixels_per_chip_pixel(wide) == Approx(2 * 300.0 / 400));
}
