#include <catch2/catch.hpp>

#include <opencv2/core.hpp>

#include "tests/unit/image/writers.hpp"

using namespace bioctl;
using namespace bioctl::image;
using namespace bioctl::image::test;

TEST_CASE("animated WebP is refused with the way out", "[image]") {
    auto const picture = gradient(8, 8);
    constexpr unsigned k_animation_flag = 2;
    auto const film =
        with_webp_chunk(write_webp(picture, WebpKind::lossless), picture.size(), k_animation_flag, "ANIM", "\0\0\0\0\0\0");
    CHECK_THAT(refusal(film), Catch::Contains("animated WebP") && Catch::Contains("save one"));
}

TEST_CASE("lossless WebP is read without loss", "[image]") {
    auto const picture = gradient(33, 21);
    CHECK(greatest_difference(decoded(write_webp(picture, WebpKind::lossless)).pixels, picture) == 0);
}

TEST_CASE("lossy WebP is read as closely as it was written", "[image]") {
    auto const picture = gradient(64, 48);
    // 4:2:0 in studio range at quality 95: some steps at the borders of the colour blocks.
    CHECK(greatest_difference(decoded(write_webp(picture, WebpKind::lossy)).pixels, picture) <= 8);
}

TEST_CASE("transparent WebP lies on white", "[image]") {
    cv::Mat const half{cv::Size{4, 4}, CV_8UC4, cv::Scalar{0, 100, 200, 128}};
    CHECK(greatest_difference(decoded(write_webp(half, WebpKind::lossless)).pixels, plain(4, 4, {127, 177, 227})) == 0);
}

TEST_CASE("a WebP is reduced like a JPEG", "[image]") {
    auto const photo = decoded(write_webp(gradient(321, 241), WebpKind::lossless), {.min_longer_side = 81});
    CHECK(photo.pixels.size() == cv::Size{81, 61});
    CHECK(photo.full_size == cv::Size{321, 241});
    CHECK(greatest_difference(photo.pixels, gradient(81, 61)) <= 6);
}
