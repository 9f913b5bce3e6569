#include "lib/image/pixel_memory.hpp"

#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <opencv2/core.hpp>

using namespace bioctl;
using image::new_pixels;

TEST_CASE("the memory of a picture that is gone is used again", "[image]") {
    auto first = new_pixels({1000, 800}, CV_8UC3);
    CHECK(first.size() == cv::Size{1000, 800});
    CHECK(first.type() == CV_8UC3);
    CHECK(first.isContinuous());
    auto const* const place = first.data;
    auto const also = first;
    first.release();
    CHECK(new_pixels({1000, 800}, CV_8UC3).data != place);  // somebody still has it
    static_cast<void>(cv::Mat{also}.setTo(1));
    CHECK(also.at<cv::Vec3b>(799, 999) == cv::Vec3b{1, 1, 1});
    const_cast<cv::Mat&>(also).release();
    CHECK(new_pixels({800, 1000}, CV_8UC3).data == place);  // of the same bytes
}

TEST_CASE("a picture is what cv::Mat makes of it: parts, copies and other sizes", "[image]") {
    auto pixels = new_pixels({640, 480}, CV_8UC3);
    pixels.setTo(cv::Scalar{1, 2, 3});
    cv::Mat const part = pixels(cv::Rect{10, 10, 20, 20});
    auto const copy = pixels.clone();
    pixels.create(2000, 1000, CV_8UC1);  // elsewhere
    pixels.setTo(9);
    CHECK(part.at<cv::Vec3b>(19, 19) == cv::Vec3b{1, 2, 3});
    CHECK(copy.at<cv::Vec3b>(479, 639) == cv::Vec3b{1, 2, 3});
    CHECK(new_pixels({1, 1}, CV_8UC3).total() == 1);
    CHECK(new_pixels({0, 0}, CV_8UC3).empty());
}

TEST_CASE("threads make and drop pictures of many sizes at once", "[image]") {
    std::vector<int> wrong(4);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < wrong.size(); ++t) {
        threads.emplace_back([&wrong, t] {
            for (int round = 0; round < 400; ++round) {
                cv::Size const size{100 + round % 37 * 90, 400 + static_cast<int>(t) * 100};
                auto pixels = new_pixels(size, CV_8UC3);
                pixels.setTo(cv::Scalar::all(static_cast<double>(t)));
                auto const kept = new_pixels(size, CV_8UC3);
                wrong[t] += cv::countNonZero(pixels.reshape(1) != static_cast<double>(t)) == 0 ? 0 : 1;
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(wrong == std::vector<int>(4, 0));
}
