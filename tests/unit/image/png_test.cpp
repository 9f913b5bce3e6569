#include <catch2/catch.hpp>

#include <opencv2/core.hpp>

#include "tests/unit/image/writers.hpp"

using namespace bioctl;
using namespace bioctl::image;
using namespace bioctl::image::test;

namespace {

/// A flipped bit in the middle of the first chunk of this name.
Bytes damaged_chunk(Bytes png, std::string_view name) {
    auto const at = as_text(png).find(name);
    REQUIRE(at != std::string_view::npos);
    png[at + 10] ^= std::byte{0x10};
    return png;
}

}  // namespace

TEST_CASE("a PNG whose checksum does not fit is damaged", "[image]") {
    auto const png = write_png(gradient(20, 20));
    CHECK_THAT(refusal(damaged_chunk(png, "IDAT")), Catch::Contains("damaged PNG"));
    CHECK_THAT(refusal(damaged_chunk(png, "IHDR")), Catch::Contains("damaged PNG"));
}

TEST_CASE("a PNG without pixels is refused", "[image]") {
    auto png = write_png(gradient(20, 20));
    auto const at = as_text(png).find("IDAT");
    png[at] = std::byte{'i'};  // now an ancillary chunk that nobody knows
    CHECK_THAT(refusal(png), Catch::Contains("PNG"));
}

TEST_CASE("PNG of 8 bits is read without loss, interlaced or not", "[image]") {
    auto const picture = gradient(33, 21);
    CHECK(greatest_difference(decoded(write_png(picture)).pixels, picture) == 0);
    CHECK(greatest_difference(decoded(write_png(picture, {.is_interlaced = true})).pixels, picture) == 0);
}

TEST_CASE("PNG of 16 bits is rounded to 8", "[image]") {
    cv::Mat const deep{cv::Size{3, 2}, CV_16UC3, cv::Scalar{257 * 10, 257 * 20 + 127, 257 * 20 + 130}};
    CHECK(greatest_difference(decoded(write_png(deep, {.bit_depth = 16})).pixels, plain(3, 2, {10, 20, 21})) == 0);
}

TEST_CASE("grey PNG of few bits is spread over the whole range", "[image]") {
    for (auto const& [bits, sample, expected] : {std::tuple{1, 1, 255}, {2, 2, 170}, {4, 3, 51}, {8, 77, 77}}) {
        INFO(bits);
        cv::Mat const grey{cv::Size{5, 3}, CV_8UC1, cv::Scalar(sample)};
        auto const value = static_cast<std::uint8_t>(expected);
        CHECK(greatest_difference(decoded(write_png(grey, {.bit_depth = bits})).pixels, plain(5, 3, {value, value, value})) == 0);
    }
}

TEST_CASE("transparent PNG lies on white", "[image]") {
    cv::Mat const half{cv::Size{2, 2}, CV_8UC4, cv::Scalar{0, 100, 200, 128}};
    // c * 128 / 255 + 127
    CHECK(greatest_difference(decoded(write_png(half)).pixels, plain(2, 2, {127, 177, 227})) == 0);
    cv::Mat const clear{cv::Size{2, 2}, CV_8UC4, cv::Scalar{0, 100, 200, 0}};
    CHECK(greatest_difference(decoded(write_png(clear)).pixels, plain(2, 2, {255, 255, 255})) == 0);
    cv::Mat const grey{cv::Size{2, 2}, CV_8UC2, cv::Scalar{100, 255}};
    CHECK(greatest_difference(decoded(write_png(grey)).pixels, plain(2, 2, {100, 100, 100})) == 0);
}

TEST_CASE("palette PNG has the colours and the transparency of its palette", "[image]") {
    PngStyle const style{.bit_depth = 2, .palette = {{255, 0, 0, 255}, {0, 0, 255, 255}, {9, 9, 9, 0}}};
    cv::Mat indices{cv::Size{3, 1}, CV_8UC1};
    for (int x = 0; x < 3; ++x)
        indices.at<std::uint8_t>(0, x) = static_cast<std::uint8_t>(x);
    auto const pixels = decoded(write_png(indices, style)).pixels;
    CHECK(pixels.at<cv::Vec3b>(0, 0) == cv::Vec3b{0, 0, 255});
    CHECK(pixels.at<cv::Vec3b>(0, 1) == cv::Vec3b{255, 0, 0});
    CHECK(pixels.at<cv::Vec3b>(0, 2) == cv::Vec3b{255, 255, 255});
}

TEST_CASE("a PNG cannot be reduced and stays whole", "[image]") {
    CHECK(decoded(write_png(gradient(64, 64)), {.min_longer_side = 8}).pixels.size() == cv::Size{64, 64});
}
