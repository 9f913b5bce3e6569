#include <catch2/catch.hpp>

#include <opencv2/core.hpp>

#include "tests/unit/image/writers.hpp"

using namespace bioctl;
using namespace bioctl::image;
using namespace bioctl::image::test;
using namespace std::string_literals;

namespace {

constexpr int k_step = 6;  // quality 95: quantisation steps of at most 12 in the frequencies of a gradient

std::size_t find(ByteView file, std::string_view what, std::size_t from = 0) {
    auto const at = as_text(file).find(what, from);
    REQUIRE(at != std::string_view::npos);
    return at;
}

/// The first scan of a progressive JPEG, from its SOS marker up to the next marker.
ByteView first_scan(ByteView jpeg) {
    auto const begin = find(jpeg, "\xFF\xDA");
    auto end = begin + 2;
    do
        end = find(jpeg, "\xFF", end + 1);
    while (jpeg[end + 1] == std::byte{0});
    return jpeg.subspan(begin, end - begin);
}

}  // namespace

TEST_CASE("a JPEG of thousands of scans is refused", "[image]") {
    auto const jpeg = write_jpeg(gradient(16, 16), {.is_progressive = true});
    auto const scan = first_scan(jpeg);
    auto const begin = static_cast<std::size_t>(scan.data() - jpeg.data());
    auto const repeated = [&](int times) {
        Bytes file{jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(begin)};
        for (int i = 0; i < times; ++i)
            file.insert(file.end(), scan.begin(), scan.end());
        file.insert(file.end(), jpeg.begin() + static_cast<std::ptrdiff_t>(begin + scan.size()), jpeg.end());
        return file;
    };
    CHECK(decode(repeated(20), {}).has_value());
    CHECK_THAT(refusal(repeated(1100)), Catch::Contains("damaged JPEG") && Catch::Contains("1000 scans"));
}

TEST_CASE("a JPEG without frame or without scan is refused", "[image]") {
    auto const jpeg = write_jpeg(gradient(16, 16));
    CHECK(refusal(ByteView{jpeg}.first(find(jpeg, "\xFF\xDA"))) == "truncated JPEG; copy it again");
    auto const empty = "\xFF\xD8\xFF\xE0"s + be16(10) + "JFIF\0\1\1\0"s + "\xFF\xD9";
    CHECK_THAT(refusal(as_bytes(empty)), Catch::Contains("holds no picture"));
    auto const no_frame = "\xFF\xD8"s + std::string{as_text(ByteView{jpeg}.subspan(find(jpeg, "\xFF\xDA")))};
    CHECK_THAT(refusal(as_bytes(no_frame)), Catch::Contains("no size"));
}

TEST_CASE("a JPEG of no height is refused", "[image]") {
    auto jpeg = write_jpeg(gradient(16, 16));
    auto const frame = find(jpeg, "\xFF\xC0");
    jpeg[frame + 5] = jpeg[frame + 6] = std::byte{0};
    CHECK_THAT(refusal(jpeg), Catch::Contains("no size"));
}

TEST_CASE("entropy data that end too soon are damage, not a grey rest", "[image]") {
    auto const jpeg = write_jpeg(gradient(64, 64));
    auto const middle = (find(jpeg, "\xFF\xDA") + jpeg.size()) / 2;
    auto const cut = joined({ByteView{jpeg}.first(middle), as_bytes("\xFF\xD9")});
    CHECK_THAT(refusal(cut), Catch::Contains("damaged JPEG") && Catch::Contains("premature end"));
}

TEST_CASE("JPEG of every colour space becomes BGR", "[image]") {
    auto const picture = gradient(40, 30);
    for (auto const ink : {Ink::ycc, Ink::rgb}) {
        CHECK(greatest_difference(decoded(write_jpeg(picture, {.ink = ink})).pixels, picture) <= k_step);
    }
    CHECK(greatest_difference(decoded(write_jpeg(picture, {.is_progressive = true})).pixels, picture) <= k_step);
    CHECK(greatest_difference(decoded(write_jpeg(picture, {.restart_interval = 2})).pixels, picture) <= k_step);
    cv::Mat const grey{cv::Size{9, 7}, CV_8UC1, cv::Scalar{99}};
    CHECK(greatest_difference(decoded(write_jpeg(grey, {.ink = Ink::grey})).pixels, plain(9, 7, {99, 99, 99})) <= 2);
}

TEST_CASE("ink becomes light, inverted as Adobe stores it or not", "[image]") {
    // Cyan 255, magenta 0, yellow 51, black 0: red 0, green 255, blue 204.
    cv::Mat const ink{cv::Size{8, 8}, CV_8UC4, cv::Scalar{255, 0, 51, 0}};
    cv::Mat const inverted{cv::Size{8, 8}, CV_8UC4, cv::Scalar{0, 255, 204, 255}};
    auto const light = plain(8, 8, {204, 255, 0});
    CHECK(greatest_difference(decoded(write_jpeg(inverted, {.ink = Ink::cmyk})).pixels, light) <= k_step);
    CHECK(greatest_difference(decoded(write_jpeg(inverted, {.ink = Ink::ycck})).pixels, light) <= k_step);
    CHECK(greatest_difference(decoded(write_jpeg(ink, {.ink = Ink::cmyk, .has_adobe_marker = false})).pixels, light) <= k_step);
    cv::Mat const half_black{cv::Size{8, 8}, CV_8UC4, cv::Scalar{255, 255, 255, 128}};
    CHECK(greatest_difference(decoded(write_jpeg(half_black, {.ink = Ink::cmyk})).pixels, plain(8, 8, {128, 128, 128})) <=
          k_step);
}

TEST_CASE("what follows the end of a JPEG is not looked at", "[image]") {
    auto const jpeg = write_jpeg(gradient(20, 20));
    auto const phone = joined({jpeg, as_bytes("MotionPhoto_Data"), jpeg, as_bytes("\xFF\xFF\xFF")});
    CHECK(greatest_difference(decoded(phone).pixels, decoded(jpeg).pixels) == 0);
}

TEST_CASE("a few bytes of padding before the end marker are forgiven, many are not", "[image]") {
    auto const jpeg = write_jpeg(gradient(20, 20));
    auto const body = ByteView{jpeg}.first(jpeg.size() - 2);
    auto const end = ByteView{jpeg}.last(2);
    CHECK(decode(joined({body, Bytes(3), end}), {}).has_value());
    CHECK_THAT(refusal(joined({body, Bytes(300), end})), Catch::Contains("extraneous"));
}

TEST_CASE("a JPEG is halved as often as the longer side allows", "[image]") {
    auto const picture = gradient(641, 479);
    auto const jpeg = write_jpeg(picture);
    auto const size_at = [&](int min_longer_side) { return decoded(jpeg, {.min_longer_side = min_longer_side}).pixels.size(); };
    CHECK(size_at(0) == cv::Size{641, 479});
    CHECK(size_at(322) == cv::Size{641, 479});
    CHECK(size_at(321) == cv::Size{321, 240});
    CHECK(size_at(161) == cv::Size{161, 120});
    CHECK(size_at(82) == cv::Size{161, 120});
    CHECK(size_at(81) == cv::Size{81, 60});
    CHECK(size_at(1) == cv::Size{81, 60});
    CHECK(size_at(5000) == cv::Size{641, 479});
}

TEST_CASE("a reduced photo remembers its full size, upright", "[image]") {
    constexpr unsigned k_app1 = 0xE1;
    auto const jpeg = with_jpeg_segment(write_jpeg(gradient(640, 480)), k_app1, "Exif\0\0"s + exif_block(6));
    auto const photo = decoded(jpeg, {.min_longer_side = 160});
    CHECK(photo.pixels.size() == cv::Size{120, 160});
    CHECK(photo.full_size == cv::Size{480, 640});
    CHECK(photo.to_full_scale() == 4.0);
}

TEST_CASE("a reduced JPEG shows the same picture", "[image]") {
    auto const photo = decoded(write_jpeg(gradient(640, 480)), {.min_longer_side = 80});
    REQUIRE(photo.pixels.size() == cv::Size{80, 60});
    CHECK(greatest_difference(photo.pixels, gradient(80, 60)) <= k_step);
}
