#pragma once
// What passes between bioctl and its module bioctl-image-video.so: plain C, so that neither side needs the other's libraries.

#include <cstddef>
#include <cstdint>

namespace bioctl::image {

constexpr std::int32_t k_video_version = 1;  ///< raised with any change below
constexpr char const* k_video_file = "bioctl-image-video.so";
constexpr char const* k_video_entry = "bioctl_image_video";

struct VideoFailure {
    char text[256];
};

struct VideoPicture {
    unsigned char const* bgr;  ///< rows of 8-bit BGR, until the next call
    std::size_t step;          ///< bytes from row to row
    std::int32_t width, height;
};

/// One thread per video. They throw nothing.
struct VideoModule {
    std::int32_t version;
    /// `camera` is the number of a local camera, or -1: then `source` is a file or a URL. nullptr on failure.
    void* (*open)(char const* source, std::int32_t camera, std::int32_t timeout_ms, double* frames_per_second,
                  VideoFailure* failure);
    /// 1 = a picture, 0 = the end, or nothing came in time, -1 = it cannot be used (`failure`).
    int (*read)(void* video, VideoPicture* picture, VideoFailure* failure);
    /// Passes over a picture without decoding it where that is possible: 1, or 0 as read().
    int (*skip)(void* video);
    void (*close)(void* video);
};

/// The type of the module's one symbol, k_video_entry.
using VideoEntry = VideoModule const* (*)();

}  // namespace bioctl::image
