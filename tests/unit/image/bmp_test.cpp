#include <catch2/catch.hpp>

#include "tests/unit/image/writers.hpp"

using namespace bioctl;
using namespace bioctl::image;
using namespace bioctl::image::test;
using namespace std::string_literals;

namespace {

constexpr unsigned k_rle8 = 1;
constexpr unsigned k_rle4 = 2;
constexpr unsigned k_bit_fields = 3;

/// Entry i is grey of value i + 'a', so that indices read as letters.
std::vector<std::array<std::uint8_t, 3>> letter_palette(std::size_t count) {
    std::vector<std::array<std::uint8_t, 3>> palette(count);
    for (std::size_t i = 0; i < count; ++i)
        palette[i].fill(static_cast<std::uint8_t>('a' + i));
    return palette;
}

std::vector<std::string> letters_of(Bytes const& file) {
    return to_letters(decoded(file).pixels);
}

using Rows = std::vector<std::string>;

}  // namespace

TEST_CASE("BMP headers of hostile sizes are refused", "[image]") {
    auto const row = "\1\2\3\0"s;
    CHECK_THAT(refusal(write_bmp({0, 1}, row)), Catch::Contains("no size"));
    CHECK_THAT(refusal(write_bmp({-1, 1}, row)), Catch::Contains("no size"));
    auto file = write_bmp({1, 1}, row);
    constexpr std::size_t k_height_at = 22;
    for (std::size_t i = 0; i < 4; ++i)
        file[k_height_at + i] = std::byte(i == 3 ? 0x80 : 0);
    CHECK_THAT(refusal(file), Catch::Contains("no size"));
    refusal(write_bmp({100'000, 100'000}, row), {}, Failure::Reason::too_large);
}

TEST_CASE("BMP of kinds that are not read are named", "[image]") {
    constexpr unsigned k_embedded_jpeg = 4;
    CHECK_THAT(refusal(write_bmp({1, 1}, "....", {.compression = k_embedded_jpeg})), Catch::Contains("compression 4"));
    CHECK_THAT(refusal(write_bmp({1, 1}, "....", {.bits = 7})), Catch::Contains("7 bits"));
    CHECK_THAT(refusal(write_bmp({1, 1}, "....", {.bits = 24, .compression = k_rle8})), Catch::Contains("not read"));
    auto file = write_bmp({1, 1}, "....");
    file[14] = std::byte{13};
    CHECK_THAT(refusal(file), Catch::Contains("header of 13 bytes"));
}

TEST_CASE("BMP of 24 bits is read in both row orders", "[image]") {
    auto const picture = gradient(5, 3);
    CHECK(greatest_difference(decoded(write_bmp(picture)).pixels, picture) == 0);
    auto const down = "\1\1\1\2\2\2\0\0\3\3\3\4\4\4\0\0"s;
    auto const pixels = decoded(write_bmp({2, 2}, down, {.is_top_down = true})).pixels;
    CHECK(pixels.at<cv::Vec3b>(0, 0) == cv::Vec3b{1, 1, 1});
    CHECK(pixels.at<cv::Vec3b>(1, 1) == cv::Vec3b{4, 4, 4});
}

TEST_CASE("BMP with a palette is read at 1, 4 and 8 bits", "[image]") {
    CHECK(letters_of(write_bmp({10, 2}, "\x0F\x40\0\0\xFF\xC0\0\0"s, {.bits = 1, .palette = letter_palette(2)})) ==
          Rows{"bbbbbbbbbb", "aaaabbbbab"});
    CHECK(letters_of(write_bmp({3, 1}, "\x12\x30\0\0"s, {.bits = 4, .palette = letter_palette(16)})) == Rows{"bcd"});
    CHECK(letters_of(write_bmp({3, 1}, "\2\1\0\0"s, {.bits = 8, .palette = letter_palette(3)})) == Rows{"cba"});
}

TEST_CASE("an index beyond a short BMP palette is black", "[image]") {
    auto const pixels = decoded(write_bmp({2, 1}, "\0\xC8\0\0"s, {.bits = 8, .palette = letter_palette(2)})).pixels;
    CHECK(pixels.at<cv::Vec3b>(0, 1) == cv::Vec3b{0, 0, 0});
}

TEST_CASE("the OS/2 header with its narrow palette is read", "[image]") {
    CHECK(letters_of(write_bmp({2, 1}, "\x40\0\0\0"s, {.bits = 1, .header_size = 12, .palette = letter_palette(2)})) ==
          Rows{"ab"});
}

TEST_CASE("BMP of 16 and 32 bits is read by its masks", "[image]") {
    auto const colour_of = [](Bytes const& file) { return decoded(file).pixels.at<cv::Vec3b>(0, 0); };
    // 5-5-5 by default: red 31, green 16, blue 0.
    CHECK(colour_of(write_bmp({1, 1}, le16(31 << 10 | 16 << 5) + "\0\0"s, {.bits = 16})) == cv::Vec3b{0, 131, 255});
    BmpStyle const five_six_five{.bits = 16, .compression = k_bit_fields, .masks = {0xF800, 0x07E0, 0x001F}};
    CHECK(colour_of(write_bmp({1, 1}, le16(31 << 11 | 32 << 5) + "\0\0"s, five_six_five)) == cv::Vec3b{0, 129, 255});
    CHECK(colour_of(write_bmp({1, 1}, "\1\2\3\0"s, {.bits = 32})) == cv::Vec3b{1, 2, 3});
    BmpStyle const rgba{
        .bits = 32, .compression = k_bit_fields, .header_size = 124, .masks = {0xFF, 0xFF00, 0xFF0000, 0xFF000000}};
    CHECK(colour_of(write_bmp({1, 1}, "\1\2\3\0"s, rgba)) == cv::Vec3b{3, 2, 1});
    BmpStyle const no_blue{.bits = 32, .compression = k_bit_fields, .masks = {0xFF, 0xFF00, 0}};
    CHECK(colour_of(write_bmp({1, 1}, "\1\2\3\0"s, no_blue)) == cv::Vec3b{0, 2, 1});
}

TEST_CASE("run-length packed BMP of 8 bits is unpacked", "[image]") {
    BmpStyle const style{.bits = 8, .compression = k_rle8, .palette = letter_palette(4)};
    auto const run = "\4\1"s;
    auto const literal = "\0\3\1\2\3\0"s;
    auto const end_of_line = "\0\0"s;
    auto const end = "\0\1"s;
    CHECK(letters_of(write_bmp({4, 2}, run + end_of_line + literal + end, style)) == Rows{"bcda", "bbbb"});
    auto const skip = "\0\2\2\1"s;
    CHECK(letters_of(write_bmp({4, 2}, skip + "\2\3"s + end, style)) == Rows{"aadd", "aaaa"});
}

TEST_CASE("run-length packed BMP of 4 bits is unpacked", "[image]") {
    BmpStyle const style{.bits = 4, .compression = k_rle4, .palette = letter_palette(16)};
    CHECK(letters_of(write_bmp({5, 2}, "\5\x12\0\0"s + "\0\5\x12\x34\x50\0"s + "\0\1"s, style)) == Rows{"bcdef", "bcbcb"});
}

TEST_CASE("runs beyond the edge of a BMP go nowhere", "[image]") {
    BmpStyle const style{.bits = 8, .compression = k_rle8, .palette = letter_palette(4)};
    CHECK(letters_of(write_bmp({2, 1}, "\xFF\1\0\0\xFF\2\0\1"s, style)) == Rows{"bb"});
    CHECK(letters_of(write_bmp({2, 2}, "\0\2\xFF\xFF"s, style)) == Rows{"aa", "aa"});
}

TEST_CASE("packed BMP data that end without their mark are truncated", "[image]") {
    BmpStyle const style{.bits = 8, .compression = k_rle8, .palette = letter_palette(4)};
    CHECK(refusal(write_bmp({4, 2}, "\4\1\0\0\2\1"s, style)) == "truncated BMP; copy it again");
    CHECK(refusal(write_bmp({4, 2}, "\4\1\0\0\0\4\1"s, style)) == "truncated BMP; copy it again");
    CHECK(letters_of(write_bmp({4, 2}, "\4\1\0\0\4\2"s, style)) == Rows{"cccc", "bbbb"});
}
