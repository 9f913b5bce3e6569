#include <catch2/catch.hpp>

#include <opencv2/core.hpp>

#include "tests/unit/image/pictures.hpp"

using namespace bioctl;
using namespace bioctl::image;
using namespace bioctl::image::test;

TEST_CASE("pictures of other types are not encoded", "[image]") {
    cv::Mat const deep{cv::Size{2, 2}, CV_16UC3, cv::Scalar::all(0)};
    CHECK_THROWS_AS(encode_jpeg(deep, 90), Error);
    CHECK_THROWS_AS(encode_png(deep), Error);
    CHECK_THROWS_AS(encode_jpeg(cv::Mat{}, 90), Error);
    CHECK_THROWS_AS(encode_png(cv::Mat{}), Error);
}

TEST_CASE("a picture wider than JPEG allows is an error that says so", "[image]") {
    CHECK_THROWS_WITH(encode_jpeg(plain(70'000, 1, {0, 0, 0}), 90), Catch::Contains("cannot be written as JPEG"));
}

TEST_CASE("an encoded PNG is the same picture", "[image]") {
    auto const picture = gradient(33, 21);
    CHECK(greatest_difference(decoded(encode_png(picture)).pixels, picture) == 0);
    CHECK(to_letters(decoded(encode_png(letters({"abc", "def"}))).pixels) == std::vector<std::string>{"abc", "def"});
}

TEST_CASE("an encoded JPEG is nearly the same picture, grey stays grey", "[image]") {
    auto const picture = gradient(64, 48);
    CHECK(greatest_difference(decoded(encode_jpeg(picture, 95)).pixels, picture) <= 8);
    cv::Mat const grey{cv::Size{8, 8}, CV_8UC1, cv::Scalar{99}};
    CHECK(greatest_difference(decoded(encode_jpeg(grey, 95)).pixels, plain(8, 8, {99, 99, 99})) <= 1);
}

TEST_CASE("less quality makes a smaller JPEG", "[image]") {
    auto const picture = gradient(200, 200);
    CHECK(encode_jpeg(picture, 30).size() < encode_jpeg(picture, 95).size());
}

TEST_CASE("a part of a larger picture is encoded as itself", "[image]") {
    auto const part = gradient(40, 40)(cv::Rect{5, 6, 20, 10});
    CHECK(greatest_difference(decoded(encode_png(part)).pixels, part) == 0);
    CHECK(greatest_difference(decoded(encode_jpeg(part, 95)).pixels, part) <= 8);
}

TEST_CASE("pictures turn clockwise and the original stays", "[image]") {
    auto const rows = [](cv::Mat const& grey) {
        cv::Mat bgr;
        cv::merge(std::vector<cv::Mat>{grey, grey, grey}, bgr);
        return to_letters(bgr);
    };
    using Rows = std::vector<std::string>;
    auto const picture = letters({"abc", "def"});
    CHECK(rows(rotate(picture, 0)) == Rows{"abc", "def"});
    CHECK(rows(rotate(picture, 90)) == Rows{"da", "eb", "fc"});
    CHECK(rows(rotate(picture, 180)) == Rows{"fed", "cba"});
    CHECK(rows(rotate(picture, 270)) == Rows{"cf", "be", "ad"});
    CHECK(rows(picture) == Rows{"abc", "def"});
    CHECK_THROWS_AS(rotate(picture, 45), Error);
}
