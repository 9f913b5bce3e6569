#include <catch2/catch.hpp>

#include <tiff.h>
#include <opencv2/core.hpp>

#include "lib/image/plugin.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/image/writers.hpp"

using namespace bioctl;
using namespace bioctl::image;
using namespace bioctl::image::test;

namespace {

struct WithPlugin {
    WithPlugin() { set_plugin_dir(BIOCTL_PLUGIN_DIR); }
};

constexpr int k_lossy_step = 8;

/// Every size that the container of a HEIC or AVIF tells becomes this one; the bitstream stays what it is.
Bytes with_claimed_size(Bytes file, std::uint32_t width, std::uint32_t height) {
    std::string text{as_text(file)};
    auto const claim = be32(width) + be32(height);
    for (auto at = text.find("ispe"); at != std::string::npos; at = text.find("ispe", at + 1))
        text.replace(at + 8, claim.size(), claim);  // behind the name, version and flags
    auto const bytes = as_bytes(text);
    return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("without the module for rare formats the failure names it", "[image]") {
    auto const tiff = write_tiff(gradient(8, 8));
    set_plugin_dir({});
    CHECK_THAT(refusal(tiff), Catch::Contains("is TIFF, which needs bioctl-image-rare.so"));
    bioctl::test::TempDir const dir;
    set_plugin_dir(dir.path());
    CHECK_THAT(refusal(tiff), Catch::Contains("not found in " + dir.path().string()));
    bioctl::test::write_text(dir / "bioctl-image-rare.so", "no module");
    CHECK_THAT(refusal(tiff), Catch::Contains("install libtiff6 and libheif1"));
    CHECK_THAT(refusal(as_bytes(be32(24) + "ftypavif" + be32(0) + "mif1avif")), Catch::Contains("is AVIF, which needs"));
}

TEST_CASE_METHOD(WithPlugin, "TIFF of several layouts is read", "[image]") {
    auto const picture = gradient(37, 21);
    CHECK(greatest_difference(decoded(write_tiff(picture)).pixels, picture) == 0);
    CHECK(greatest_difference(decoded(write_tiff(picture, {.compression = COMPRESSION_LZW})).pixels, picture) == 0);
    CHECK(greatest_difference(decoded(write_tiff(picture, {.compression = COMPRESSION_ADOBE_DEFLATE})).pixels, picture) == 0);
    CHECK(greatest_difference(decoded(write_tiff(picture, {.is_tiled = true})).pixels, picture) == 0);
    CHECK(to_letters(decoded(write_tiff(letters({"abc", "def"}))).pixels) == std::vector<std::string>{"abc", "def"});
}

TEST_CASE_METHOD(WithPlugin, "TIFF of 16 bits and with alpha is read", "[image]") {
    cv::Mat const deep{cv::Size{3, 2}, CV_16UC3, cv::Scalar{257 * 10, 257 * 20, 257 * 30}};
    CHECK(greatest_difference(decoded(write_tiff(deep)).pixels, plain(3, 2, {10, 20, 30})) <= 1);
    cv::Mat const half{cv::Size{2, 2}, CV_8UC4, cv::Scalar{0, 100, 200, 128}};
    CHECK(greatest_difference(decoded(write_tiff(half)).pixels, plain(2, 2, {127, 177, 227})) <= 1);
}

TEST_CASE_METHOD(WithPlugin, "the orientation of a TIFF is undone", "[image]") {
    for (int orientation = 1; orientation <= 8; ++orientation) {
        INFO(orientation);
        auto const stored = letters({"abc", "def"});
        auto const photo = decoded(write_tiff(stored, {.orientation = orientation}));
        CHECK(to_letters(photo.pixels) == to_letters(decoded(write_png(stored, {.exif_orientation = orientation})).pixels));
        CHECK(photo.orientation == orientation);
    }
}

TEST_CASE_METHOD(WithPlugin, "a TIFF of too many pixels is refused from its header", "[image]") {
    auto const tiff = write_tiff(gradient(30, 20));
    refusal(tiff, {.limits = {.max_pixels = 599}}, Failure::Reason::too_large);
    CHECK(decode(tiff, {.limits = {.max_pixels = 600}}).has_value());
}

TEST_CASE_METHOD(WithPlugin, "HEIC and AVIF are read", "[image]") {
    auto const picture = gradient(64, 48);
    for (auto const kind : {HeifKind::heic, HeifKind::avif}) {
        auto const photo = decoded(write_heif(picture, kind));
        CHECK(photo.format == (kind == HeifKind::heic ? Format::heif : Format::avif));
        CHECK(photo.full_size == picture.size());
        CHECK(photo.orientation == 1);
        CHECK(greatest_difference(photo.pixels, picture) <= k_lossy_step);
    }
}

TEST_CASE_METHOD(WithPlugin, "transparent HEIC lies on white", "[image]") {
    cv::Mat const half{cv::Size{64, 64}, CV_8UC4, cv::Scalar{0, 100, 200, 128}};
    CHECK(greatest_difference(decoded(write_heif(half, HeifKind::heic)).pixels, plain(64, 64, {127, 177, 227})) <= k_lossy_step);
}

TEST_CASE_METHOD(WithPlugin, "a HEIC of too many pixels is refused from its header", "[image]") {
    auto const heic = write_heif(gradient(64, 48), HeifKind::heic);
    refusal(heic, {.limits = {.max_pixels = 64 * 48 - 1}}, Failure::Reason::too_large);
}

TEST_CASE_METHOD(WithPlugin, "a HEIC or AVIF whose container claims less than its bitstream is refused from its header",
                 "[image]") {
    for (auto const kind : {HeifKind::heic, HeifKind::avif}) {
        auto const lying = with_claimed_size(write_heif(gradient(512, 384), kind), 64, 48);
        auto const least = std::uint64_t{512} * 384;  // the encoder may add a margin
        refusal(lying, {.limits = {.max_pixels = least - 1}}, Failure::Reason::too_large);
    }
}

TEST_CASE_METHOD(WithPlugin, "the tiles of a TIFF count, not only the picture that they cover", "[image]") {
    auto const tiff = write_tiff(gradient(1, 1), {.is_tiled = true});
    refusal(tiff, {.limits = {.max_pixels = 16 * 16 - 1}}, Failure::Reason::too_large);
    CHECK(decode(tiff, {.limits = {.max_pixels = 16 * 16}}).has_value());
}
