// Photos to measure with, cut from the demo photos of groups: one face each, every file with bytes of its own.
//
//   photos DEMO_PHOTOS MODELS OUT VGA LARGE      OUT/vga/<id>/photo.jpg of 640 x 480, OUT/large/<id>/photo.jpg of 4000 x 3000
//
// A window of 4:3 around one face and no other, scaled, a little lighter or darker, with noise as a sensor has it (without it an
// enlarged photo is smooth, and cheaper to decode than a real one), JPEG of quality 90. The same numbers make the same photos.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "lib/base/file.hpp"
#include "lib/face/engine.hpp"
#include "lib/image/photo.hpp"

namespace {

using namespace bioctl;
namespace fs = std::filesystem;

constexpr int k_quality = 90;
constexpr double k_noise = 6;  // standard deviation, of 255

struct Window {
    cv::Mat pixels;
    double face_share = 0;  ///< height of the face by the window's
};

/// A face and a bit of hair, up to a bust: height of the face by the window's.
constexpr std::array k_shares{.32, .4, .5, .62};

std::optional<cv::Rect> window_around(cv::Rect2f const& box, double share, std::vector<face::Face> const& all, cv::Size picture) {
    int const height = static_cast<int>(box.height / share), width = height * 4 / 3;
    cv::Rect const window{static_cast<int>(box.x + box.width / 2) - width / 2,
                          static_cast<int>(box.y + box.height / 2) - height / 2, width, height};
    if ((window & cv::Rect{{0, 0}, picture}) != window) return std::nullopt;
    auto const is_inside = [&](face::Face const& face) { return (cv::Rect2f(window) & face.box).area() > 0; };
    if (std::count_if(all.begin(), all.end(), is_inside) != 1) return std::nullopt;
    return window;
}

std::vector<Window> find_windows(fs::path const& photos, face::Engine& engine) {
    std::vector<fs::path> files;
    for (auto const& entry : fs::directory_iterator{photos}) {
        if (entry.path().extension() == ".jpg") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<Window> windows;
    for (auto const& file : files) {
        auto const photo = image::decode(read_file(file, 50'000'000).or_throw(), {});
        if (!photo) throw photo.error().as_error(file.string());
        auto const faces = engine.analyse(photo->pixels, face::Embedding::none).faces;
        for (auto const& face : faces) {
            for (double const share : k_shares) {
                auto const window = window_around(face.box, share, faces, photo->full_size);
                if (window) windows.push_back({photo->pixels(*window).clone(), share});
            }
        }
    }
    return windows;
}

cv::Mat scaled(Window const& window, cv::Size size, int number) {
    cv::Mat picture;
    bool const shrinks = window.pixels.cols > size.width;
    cv::resize(window.pixels, picture, size, 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_CUBIC);
    cv::Mat noise(size, CV_16SC3);
    cv::RNG random{static_cast<std::uint64_t>(number) + 1};
    double const light = random.uniform(-12.0, 12.0);
    random.fill(noise, cv::RNG::NORMAL, light, k_noise);
    cv::add(picture, noise, picture, cv::noArray(), CV_8U);
    return picture;
}

/// Only windows of which the default models still see exactly one face at this size.
std::vector<Window> usable(std::vector<Window> const& windows, face::Engine& engine) {
    std::vector<Window> kept;
    for (auto const& window : windows) {
        if (engine.analyse(scaled(window, {640, 480}, 0), face::Embedding::none).faces.size() == 1) kept.push_back(window);
    }
    return kept;
}

void write(std::vector<Window> const& windows, cv::Size size, int count, fs::path const& folder) {
    std::uintmax_t bytes = 0;
    for (int i = 0; i < count; ++i) {
        auto const path = folder / fmt::format("p{:04}", i) / "photo.jpg";
        fs::create_directories(path.parent_path());
        auto const& window = windows[static_cast<std::size_t>(i) % windows.size()];
        auto const file = image::encode_jpeg(scaled(window, size, i), k_quality);
        write_file(path, file);
        bytes += file.size();
    }
    std::printf("%s: %d photos of %d x %d, %.0f kB each on average, from %zu windows\n", folder.filename().c_str(), count,
                size.width, size.height, static_cast<double>(bytes) / 1e3 / std::max(count, 1), windows.size());
}

int run(fs::path const& photos, fs::path const& models, fs::path const& out, int vga, int large) {
    face::Engine engine{face::ModelRegistry{models, {}}.active()};
    auto const windows = usable(find_windows(photos, engine), engine);
    if (windows.empty()) {
        std::fprintf(stderr, "photos: %s: no photo with a face that stands alone\n", photos.c_str());
        return 1;
    }
    write(windows, {640, 480}, vga, out / "vga");
    write(windows, {4000, 3000}, large, out / "large");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6) {
        std::fputs("usage: photos DEMO_PHOTOS MODELS OUT VGA LARGE\n", stderr);
        return 64;
    }
    try {
        return run(argv[1], argv[2], argv[3], std::atoi(argv[4]), std::atoi(argv[5]));
    } catch (std::exception const& error) {
        std::fprintf(stderr, "photos: %s\n", error.what());
        return 1;
    }
}
