#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "lib/base/text.hpp"
#include "lib/image/plugin.hpp"
#include "tests/unit/image/writers.hpp"

using namespace bioctl;
using namespace bioctl::image;
using namespace bioctl::image::test;

namespace {

struct Sample {
    std::string name;
    Bytes file;
    std::size_t trailer = 0;  ///< bytes at the end that carry no part of the picture
};

std::vector<Sample> samples() {
    set_plugin_dir(BIOCTL_PLUGIN_DIR);
    auto const picture = gradient(21, 13);  // odd, so that BMP rows are padded
    cv::Mat const half{cv::Size{21, 13}, CV_8UC4, cv::Scalar{0, 100, 200, 128}};
    constexpr std::size_t k_bmp_padding = 1;
    return {
        {"JPEG", write_jpeg(picture)},
        {"progressive JPEG", write_jpeg(picture, {.is_progressive = true})},
        {"JPEG with restarts", write_jpeg(picture, {.restart_interval = 1})},
        {"PNG", write_png(picture)},
        {"interlaced PNG", write_png(picture, {.is_interlaced = true, .exif_orientation = 6})},
        {"WebP", write_webp(picture, WebpKind::lossy)},
        {"lossless WebP", write_webp(picture, WebpKind::lossless)},
        {"transparent WebP", write_webp(half, WebpKind::lossy)},
        {"BMP", write_bmp(picture), k_bmp_padding},
        {"TIFF", write_tiff(picture)},
        {"tiled TIFF", write_tiff(picture, {.compression = 5, .is_tiled = true})},
        {"HEIC", write_heif(picture, HeifKind::heic)},
        {"AVIF", write_heif(picture, HeifKind::avif)},
    };
}

bool is_one_line(std::string_view text) {
    return is_utf8(text) && std::ranges::none_of(text, [](char c) { return c >= 0 && c < ' '; });
}

/// Either a whole photo or a failure fit to print.
void check_outcome(Outcome<Photo> const& photo) {
    if (photo) {
        CHECK(photo->pixels.size() == photo->full_size);
        return;
    }
    CHECK_FALSE(photo.error().detail.empty());
    CHECK(is_one_line(photo.error().detail));
}

}  // namespace

TEST_CASE("a file cut at any length is a failure, never a part of a picture", "[image]") {
    for (auto const& [name, file, trailer] : samples()) {
        for (std::size_t size = 0; size + trailer < file.size(); ++size) {
            Bytes const cut{file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)};  // own memory: overruns are seen
            auto const photo = decode(cut, {});
            INFO(name << " cut to " << size << " of " << file.size());
            REQUIRE_FALSE(photo.has_value());
            check_outcome(photo);
        }
    }
}

TEST_CASE("a file with damaged bytes is a whole photo or a failure", "[image]") {
    constexpr int k_rounds = 150;
    constexpr Limits k_small{.max_bytes = 1'000'000, .max_pixels = 1'000'000};
    std::mt19937 random{20300102};
    for (auto const& [name, file, trailer] : samples()) {
        INFO(name);
        for (int round = 0; round < k_rounds; ++round) {
            auto broken = file;
            for (int i = 0; i < 3; ++i)
                broken[random() % broken.size()] = static_cast<std::byte>(random());
            check_outcome(decode(broken, {.limits = k_small}));
        }
    }
}
