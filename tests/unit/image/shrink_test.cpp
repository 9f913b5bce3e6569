#include <catch2/catch.hpp>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "lib/image/shrink.hpp"
#include "tests/unit/image/pictures.hpp"

using namespace bioctl;
using namespace bioctl::image;
using namespace bioctl::image::test;

namespace {

cv::Mat noise(cv::Size size) {
    cv::Mat picture{size, CV_8UC3};
    cv::RNG random{7};
    random.fill(picture, cv::RNG::UNIFORM, 0, 256);
    return picture;
}

cv::Mat by_opencv(cv::Mat const& picture, cv::Size size) {
    cv::Mat result;
    cv::resize(picture, result, size, 0, 0, cv::INTER_AREA);
    return result;
}

}  // namespace

TEST_CASE("shrinking is OpenCV's averaging of areas to the last bit, at any ratio", "[image]") {
    struct Sizes {
        cv::Size from, to;
    };
    for (auto const& [from, to] : {Sizes{{640, 480}, {448, 336}}, Sizes{{640, 480}, {107, 80}},  Sizes{{1000, 750}, {640, 480}},
                                   Sizes{{333, 501}, {113, 170}}, Sizes{{64, 48}, {64, 48}},     Sizes{{64, 48}, {63, 47}},
                                   Sizes{{64, 48}, {32, 24}},     Sizes{{64, 48}, {16, 12}},     Sizes{{90, 60}, {30, 20}},
                                   Sizes{{90, 60}, {30, 15}},     Sizes{{241, 241}, {160, 160}}, Sizes{{147, 98}, {3, 2}},
                                   Sizes{{148, 98}, {3, 3}},      Sizes{{1000, 7}, {3, 5}},      Sizes{{1, 50}, {1, 7}},
                                   Sizes{{50, 1}, {7, 1}},        Sizes{{43, 43}, {10, 10}},     Sizes{{49, 49}, {10, 10}},
                                   Sizes{{93, 93}, {10, 10}},     Sizes{{98, 98}, {10, 10}},     Sizes{{103, 103}, {10, 10}},
                                   Sizes{{14, 14}, {3, 3}},       Sizes{{31, 7}, {1, 7}},        Sizes{{31, 7}, {31, 1}},
                                   Sizes{{1, 1}, {1, 1}},         Sizes{{5, 3}, {4, 2}}}) {
        CAPTURE(from, to);
        auto const picture = noise(from);
        auto const expected = by_opencv(picture, to);
        for (auto const path : vector_paths()) {
            CAPTURE(name_of(path));
            CHECK(greatest_difference(shrunk(picture, to, path), expected) == 0);
        }
    }
}

TEST_CASE("a part of a picture is shrunk without its surroundings", "[image]") {
    cv::Mat picture = plain(40, 40, {255, 255, 255});
    cv::Rect const inside{10, 10, 15, 15};
    picture(inside).setTo(cv::Scalar{10, 20, 30});
    for (auto const path : vector_paths()) {
        CAPTURE(name_of(path));
        CHECK(greatest_difference(shrunk(picture(inside), {4, 4}, path), plain(4, 4, {10, 20, 30})) == 0);
    }
}

TEST_CASE("a plain picture keeps its colour, the brightest too", "[image]") {
    for (unsigned char const level : std::initializer_list<unsigned char>{0, 1, 127, 254, 255}) {
        for (int const side : {1, 3, 7, 99, 100})
            CHECK(greatest_difference(shrunk(plain(100, 100, {level, level, level}), {side, side}),
                                      plain(side, side, {level, level, level})) == 0);
    }
}

TEST_CASE("what cannot be shrunk is a bug of the caller", "[image]") {
    auto const picture = plain(4, 4, {1, 2, 3});
    CHECK_THROWS_AS(shrunk(picture, {5, 4}), Error);
    CHECK_THROWS_AS(shrunk(picture, {4, 0}), Error);
    CHECK_THROWS_AS(shrunk(cv::Mat(4, 4, CV_8UC1), {2, 2}), Error);
    CHECK_THROWS_AS(shrunk(cv::Mat{}, {1, 1}), Error);
}
