#include "lib/image/exif.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/image/writers.hpp"

using namespace bioctl;
using namespace bioctl::image;
using namespace bioctl::image::test;
using namespace std::string_literals;

namespace {

std::string little_endian_block(unsigned type, unsigned value) {
    return "II" + le16(42) + le32(8) + le16(1) + le16(0x0112) + le16(type) + le32(1) + le16(value) + le16(0) + le32(0);
}

int orientation_of(std::string const& block) {
    return exif_orientation(as_bytes(block));
}

}  // namespace

TEST_CASE("a damaged EXIF block means upright", "[image]") {
    CHECK(orientation_of("") == 1);
    CHECK(orientation_of("II") == 1);
    CHECK(orientation_of("XX" + be16(42) + be32(8)) == 1);
    CHECK(orientation_of("MM" + be16(42) + be32(0xFFFFFFFF)) == 1);
    CHECK(orientation_of("MM" + be16(42) + be32(8) + be16(0xFFFF)) == 1);
    CHECK(orientation_of(exif_block(0)) == 1);
    CHECK(orientation_of(exif_block(9)) == 1);
    CHECK(orientation_of(little_endian_block(7, 6)) == 1);
    auto const whole = exif_block(6);
    constexpr std::size_t k_value_end = 20;
    for (std::size_t size = 0; size < k_value_end; ++size)
        CHECK(orientation_of(whole.substr(0, size)) == 1);
}

TEST_CASE("the orientation is read in both byte orders, with and without prefix", "[image]") {
    CHECK(orientation_of(exif_block(6)) == 6);
    CHECK(orientation_of(little_endian_block(3, 8)) == 8);
    CHECK(orientation_of("Exif\0\0"s + exif_block(3)) == 3);
}

TEST_CASE("the orientation is found behind other entries", "[image]") {
    auto const other = be16(0x010F) + be16(2) + be32(4) + "Cam\0"s;
    auto const mine = be16(0x0112) + be16(3) + be32(1) + be16(5) + be16(0);
    CHECK(orientation_of("MM" + be16(42) + be32(10) + "\0\0"s + be16(2) + other + mine + be32(0)) == 5);
}

TEST_CASE("every orientation is undone", "[image]") {
    // Stored rows abc, def; what a viewer shows after the EXIF 2.32 table of orientations.
    std::vector<std::vector<std::string>> const shown{
        {"abc", "def"},     {"cba", "fed"},     {"fed", "cba"},     {"def", "abc"},
        {"ad", "be", "cf"}, {"da", "eb", "fc"}, {"fc", "eb", "da"}, {"cf", "be", "ad"},
    };
    for (int orientation = 1; orientation <= 8; ++orientation) {
        auto const photo = decoded(write_png(letters({"abc", "def"}), {.exif_orientation = orientation}));
        INFO(orientation);
        CHECK(to_letters(photo.pixels) == shown[static_cast<std::size_t>(orientation - 1)]);
        CHECK(photo.orientation == orientation);
        CHECK(photo.full_size == (orientation < 5 ? cv::Size{3, 2} : cv::Size{2, 3}));
    }
}

TEST_CASE("each format keeps its orientation where its standard says", "[image]") {
    auto const picture = gradient(6, 4);
    auto const exif = exif_block(6);
    constexpr unsigned k_app1 = 0xE1;
    constexpr unsigned k_webp_exif_flag = 8;
    auto const webp = write_webp(picture, WebpKind::lossless);
    for (auto const& file :
         {with_jpeg_segment(write_jpeg(picture), k_app1, "Exif\0\0"s + exif), write_png(picture, {.exif_orientation = 6}),
          with_webp_chunk(webp, picture.size(), k_webp_exif_flag, "EXIF", exif)}) {
        auto const header = read_header(file, {});
        REQUIRE(header.has_value());
        CHECK(header->orientation == 6);
        CHECK(header->width == 6);
        CHECK(decoded(file).pixels.size() == cv::Size{4, 6});
    }
}

TEST_CASE("other APP1 segments of a JPEG are passed over", "[image]") {
    constexpr unsigned k_app1 = 0xE1;
    auto const turned = with_jpeg_segment(write_jpeg(gradient(6, 4)), k_app1, "Exif\0\0"s + exif_block(8));
    auto const file = with_jpeg_segment(turned, k_app1, "http://ns.adobe.com/xap/1.0/\0<x/>"s);
    CHECK(read_header(file, {})->orientation == 8);
}
