// film: a film of 640 x 480 pixels, made of photos.
//
//   film OUTPUT FPS SCENE...      OUTPUT: *.avi, *.mjpeg (JPEGs one after the other), or a folder of numbered JPEGs
//   SCENE: COUNT[,PHOTO@X:Y+DX]...    so many frames; each PHOTO, 200 pixels wide, moves DX pixels from frame to frame

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/image/photo.hpp"
#include "tests/support/film/avi.hpp"

namespace {

using namespace bioctl;

constexpr int k_width = 640;
constexpr int k_height = 480;
constexpr int k_photo_width = 200;

int number(std::string_view text) {
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        throw Error{Kind::usage, fmt::format("'{}' is no number", text)};
    return value;
}

struct Actor {
    cv::Mat photo;
    int x, y, step;
};

/// "PHOTO@X:Y+DX"
Actor parse_actor(std::string const& text) {
    auto const at = text.rfind('@');
    auto const colon = text.find(':', at);
    auto const plus = text.find('+', colon);
    if (at == std::string::npos || colon == std::string::npos || plus == std::string::npos)
        throw Error{Kind::usage, fmt::format("'{}' is not PHOTO@X:Y+DX", text)};
    auto const path = text.substr(0, at);
    auto const photo = image::decode(read_file(path, 50'000'000).or_throw(), {});
    if (!photo) throw photo.error().as_error(path);
    Actor actor{.photo = {},
                .x = number(std::string_view{text}.substr(at + 1, colon - at - 1)),
                .y = number(std::string_view{text}.substr(colon + 1, plus - colon - 1)),
                .step = number(std::string_view{text}.substr(plus + 1))};
    auto const height = photo->pixels.rows * k_photo_width / photo->pixels.cols;
    cv::resize(photo->pixels, actor.photo, {k_photo_width, height}, 0, 0, cv::INTER_AREA);
    return actor;
}

void draw(cv::Mat& frame, Actor const& actor, int index) {
    cv::Rect const whole{actor.x + index * actor.step, actor.y, actor.photo.cols, actor.photo.rows};
    auto const shown = whole & cv::Rect{0, 0, k_width, k_height};
    if (!shown.empty()) actor.photo(shown - whole.tl()).copyTo(frame(shown));
}

void add_scene(std::vector<Bytes>& frames, std::string const& scene) {
    auto const parts = split(scene, ',');
    std::vector<Actor> actors;
    for (std::size_t i = 1; i < parts.size(); ++i)
        actors.push_back(parse_actor(parts[i]));
    for (int i = 0; i < number(parts.front()); ++i) {
        cv::Mat frame{k_height, k_width, CV_8UC3, cv::Scalar::all(110)};
        for (auto const& actor : actors)
            draw(frame, actor, i);
        frames.push_back(image::encode_jpeg(frame, 90));
    }
}

void write_film(std::string const& output, int frames_per_second, std::vector<Bytes> const& frames) {
    if (output.ends_with(".avi")) return write_file(output, film::make_avi(frames, k_width, k_height, frames_per_second));
    if (output.ends_with(".mjpeg")) {
        Bytes all;
        for (auto const& frame : frames)
            all.insert(all.end(), frame.begin(), frame.end());
        return write_file(output, all);
    }
    for (std::size_t i = 0; i < frames.size(); ++i)
        write_file(std::filesystem::path{output} / fmt::format("{:04}.jpg", i), frames[i]);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> const arguments(argv + 1, argv + argc);
    if (arguments.size() < 3) {
        std::fputs("usage: film OUTPUT FPS SCENE...\n", stderr);
        return 64;
    }
    try {
        std::vector<Bytes> frames;
        for (std::size_t i = 2; i < arguments.size(); ++i)
            add_scene(frames, arguments[i]);
        write_film(arguments[0], number(arguments[1]), frames);
        return 0;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "film: %s\n", error.what());
        return 1;
    }
}
