#pragma once
// Frames to look at, so many a second, from wherever they come: a folder of photos, a pipe, a video, a camera.
//
// What is recorded (folders, videos, a pipe with a rate) is counted by its own rate, so that the same frames give the same times
// whatever the machine does. What is live is timed by the clock, and the newest frame counts: one that comes while another is
// looked at replaces the one before.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <opencv2/core/mat.hpp>

#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/image/photo.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

struct Frame {
    std::int64_t number = 0;  ///< from 1, of the frames that were taken
    Timestamp time{};
    std::string name{};  ///< for messages: the file, or "frame 12"
    Bytes jpeg{};        ///< or another photo, as it came; empty of a video
    cv::Mat pixels{};    ///< CV_8UC3 BGR; empty until it is decoded
};

/// Decodes the photo of the frame, unless it has its pixels.
[[nodiscard]] image::Outcome<cv::Mat> pixels_of(Frame const& frame, image::Limits const& limits);

struct FrameRules {
    double fps = 5;                           ///< taken in a second, at most; above 0
    std::optional<double> input_fps{};        ///< of a folder (default: fps) or a pipe (default: it is live)
    Timestamp start{};                        ///< of the first recorded frame
    std::chrono::milliseconds stall{10'000};  ///< live: without a frame for so long, something is wrong
    bool is_once = false;                     ///< live: do not connect again
    image::Limits limits{};
    fs::path plugin_dir{};  ///< of the module for videos
    Clock const* clock = nullptr;
    std::function<bool()> should_stop{};
    std::function<void(std::chrono::milliseconds)> pause{};  ///< sleeps, or returns early when it is time to stop
    std::function<void(std::string const&)> on_trouble{};    ///< what goes wrong and is dealt with; any thread
};

class FrameSource {
public:
    FrameSource() = default;
    virtual ~FrameSource() = default;
    FrameSource(FrameSource const&) = delete;
    FrameSource& operator=(FrameSource const&) = delete;

    /// Waits for it; std::nullopt at the end, or when it is time to stop.
    virtual std::optional<Frame> next() = 0;
    [[nodiscard]] virtual bool is_live() const = 0;
};

/// "-" (JPEGs on standard input), a folder, a video file, the number or /dev node of a camera, a URL (rtsp, http, ...).
/// Throws Error{no_input} for what is not there, {unavailable} for a URL that cannot be opened, {config} without the module for
/// videos.
[[nodiscard]] std::unique_ptr<FrameSource> open_frames(std::string const& source, FrameRules const& rules);

/// The source without the login that a URL may hold.
[[nodiscard]] std::string without_login(std::string const& source);

}  // namespace bioctl::app
