#include <catch2/catch.hpp>

#include "tests/unit/image/writers.hpp"

using namespace bioctl;
using namespace bioctl::image;
using namespace bioctl::image::test;

namespace {

std::string png_head(std::uint32_t width, std::uint32_t height) {
    return "\x89PNG\r\n\x1A\n" + be32(13) + "IHDR" + be32(width) + be32(height) + std::string{"\x08\x02\0\0\0", 5} + be32(0);
}

std::string why_no_header(std::string_view file) {
    auto const header = read_header(as_bytes(file), {});
    REQUIRE_FALSE(header.has_value());
    CHECK(header.error().reason == Failure::Reason::unreadable);
    return header.error().detail;
}

}  // namespace

TEST_CASE("what is no image is called by its name", "[image]") {
    using Catch::Contains;
    CHECK(why_no_header("") == "is empty");
    CHECK_THAT(why_no_header("\xFF\xD8\xFF"), Contains("has only 3 bytes"));
    CHECK_THAT(why_no_header("\r\n <!DOCTYPE html><html>"), Contains("is HTML, not an image"));
    CHECK_THAT(why_no_header("\xEF\xBB\xBF<html lang='id'>"), Contains("is HTML, not an image"));
    CHECK_THAT(why_no_header("<svg xmlns='http://www.w3.org/2000/svg'/>"), Contains("SVG"));
    CHECK_THAT(why_no_header("{\"error\": \"not found\"}"), Contains("JSON"));
    CHECK_THAT(why_no_header("GIF89a\x01\x02\x03\x04\x05\x06"), Contains("GIF"));
    CHECK_THAT(why_no_header("%PDF-1.7 and so on"), Contains("PDF"));
    CHECK_THAT(why_no_header(be32(20) + "ftypisom" + be32(0) + "mp42"), Contains("film"));
    CHECK_THAT(why_no_header("some text of a readme"), Contains("is not an image of a known format"));
    CHECK_THAT(why_no_header(std::string(100, '\0')), Contains("is not an image of a known format"));
}

TEST_CASE("a picture of too many pixels is refused from its header alone", "[image]") {
    auto const bomb = png_head(30'000, 30'000);
    auto const header = read_header(as_bytes(bomb), {});
    REQUIRE_FALSE(header.has_value());
    CHECK(header.error().reason == Failure::Reason::too_large);
    CHECK(header.error().detail == "has 30000 x 30000 pixels, 900.0 million, more than max-pixels, 100.0 million");
    refusal(as_bytes(bomb), {}, Failure::Reason::too_large);
}

TEST_CASE("the count of pixels does not overflow", "[image]") {
    auto const header = read_header(as_bytes(png_head(0x7FFFFFFF, 0x7FFFFFFF)), {});
    REQUIRE_FALSE(header.has_value());
    CHECK(header.error().reason == Failure::Reason::too_large);
}

TEST_CASE("sizes that are no sizes are refused", "[image]") {
    CHECK_THAT(why_no_header(png_head(0, 5)), Catch::Contains("no size"));
    CHECK_THAT(why_no_header(png_head(5, 0x80000000)), Catch::Contains("no size"));
}

TEST_CASE("a side longer than JPEG has is refused, whatever the number of pixels", "[image]") {
    CHECK(read_header(as_bytes(png_head(65'535, 1)), {}).has_value());
    auto const header = read_header(as_bytes(png_head(1, 65'536)), {});
    REQUIRE_FALSE(header.has_value());
    CHECK(header.error().reason == Failure::Reason::too_large);
    CHECK_THAT(header.error().detail, Catch::Contains("has a side of 65536 pixels"));
}

TEST_CASE("the limits themselves are allowed, one more is not", "[image]") {
    auto const file = write_png(gradient(10, 20));
    CHECK(read_header(file, {.max_bytes = file.size(), .max_pixels = 200}).has_value());
    CHECK(read_header(file, {.max_bytes = file.size(), .max_pixels = 199}).error().reason == Failure::Reason::too_large);
    auto const heavy = read_header(file, {.max_bytes = file.size() - 1, .max_pixels = 200});
    REQUIRE_FALSE(heavy.has_value());
    CHECK(heavy.error().reason == Failure::Reason::too_large);
    CHECK_THAT(heavy.error().detail, Catch::Contains("larger than max-bytes"));
}

TEST_CASE("headers tell format and size as stored", "[image]") {
    auto const picture = gradient(31, 17);
    std::vector<std::pair<Format, Bytes>> const files{
        {Format::jpeg, write_jpeg(picture)},
        {Format::jpeg, write_jpeg(picture, {.is_progressive = true})},
        {Format::png, write_png(picture)},
        {Format::webp, write_webp(picture, WebpKind::lossy)},
        {Format::webp, write_webp(picture, WebpKind::lossless)},
        {Format::bmp, write_bmp(picture)},
    };
    for (auto const& [format, file] : files) {
        INFO(name_of(format));
        auto const header = read_header(file, {});
        REQUIRE(header.has_value());
        CHECK(header->format == format);
        CHECK(header->width == 31);
        CHECK(header->height == 17);
        CHECK(header->orientation == 1);
    }
}

TEST_CASE("a picture of one pixel is a picture", "[image]") {
    auto const dot = plain(1, 1, {200, 100, 50});
    for (auto const& file : {write_png(dot), write_webp(dot, WebpKind::lossless), write_bmp(dot)}) {
        CHECK(greatest_difference(decoded(file).pixels, dot) == 0);
    }
    CHECK(greatest_difference(decoded(write_jpeg(dot)).pixels, dot) <= 3);
}
