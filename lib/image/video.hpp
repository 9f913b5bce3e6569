#pragma once
// Videos and cameras, through a module that is opened when the first one comes: videoio and FFmpeg would slow every start.

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <opencv2/core/mat.hpp>

#include "lib/base/result.hpp"
#include "lib/image/photo.hpp"

namespace bioctl::image {

struct VideoSource {
    std::string name;             ///< a file or a URL
    std::string shown{};          ///< the same for messages, without a login
    std::optional<int> camera{};  ///< a local camera instead
    /// What opening it and each picture of it may take; a local camera has its own limits.
    std::chrono::milliseconds timeout{10'000};
};

/// One thread.
class Video {
public:
    /// Kind::no_input if it cannot be opened, Kind::config if the module is not there (see plugin.hpp). Local cameras and files
    /// that are not there are said to be so.
    static Result<Video> open(VideoSource const& source, std::filesystem::path const& plugin_dir, Limits const& limits);

    Video(Video&&) noexcept;
    Video& operator=(Video&&) noexcept;
    ~Video();

    /// The next picture, CV_8UC3 BGR; std::nullopt at the end, or when nothing came in time. Kind::data for pictures that cannot
    /// be used, or are beyond the limits.
    Result<std::optional<cv::Mat>> read();
    /// Passes over a picture; false as read() has none.
    bool skip();

    /// 0 if it does not say.
    [[nodiscard]] double frames_per_second() const { return m_frames_per_second; }

private:
    struct Handle;
    Video(std::unique_ptr<Handle> handle, double frames_per_second, Limits const& limits);
    std::unique_ptr<Handle> m_handle;
    double m_frames_per_second;
    Limits m_limits;
};

}  // namespace bioctl::image
