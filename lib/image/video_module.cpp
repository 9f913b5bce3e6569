// Inside bioctl-image-video.so: OpenCV's videoio, with FFmpeg or GStreamer behind it.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <vector>

#include <opencv2/core/utils/logger.hpp>
#include <opencv2/videoio.hpp>

#include "lib/image/video_abi.hpp"

namespace bioctl::image {

namespace {

struct Video {
    cv::VideoCapture capture;
    cv::Mat picture;
};

void tell(VideoFailure* failure, char const* text) {
    std::snprintf(failure->text, sizeof failure->text, "%s", text);
}

void* open_video(char const* source, std::int32_t camera, std::int32_t timeout_ms, double* frames_per_second,
                 VideoFailure* failure) try {
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    // FFmpeg would write on stderr, addresses with their passwords included. OpenCV takes its level from here only; -8 is quiet.
    ::setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
    auto video = std::make_unique<Video>();
    // Only FFmpeg knows these; others would refuse to open with them.
    std::vector<int> const in_time{cv::CAP_PROP_OPEN_TIMEOUT_MSEC, timeout_ms, cv::CAP_PROP_READ_TIMEOUT_MSEC, timeout_ms};
    bool const is_far = std::strstr(source, "://") != nullptr;
    // A camera of this machine is V4L2, a film is FFmpeg's or OpenCV's own. To ask for any kind would look through the USB bus
    // for cameras of photographers, too.
    bool is_open = camera >= 0 ? video->capture.open(camera, cv::CAP_V4L2) : video->capture.open(source, cv::CAP_FFMPEG, in_time);
    if (!is_open && camera < 0 && !is_far) is_open = video->capture.open(source, cv::CAP_OPENCV_MJPEG);
    if (!is_open) {
        tell(failure, "it cannot be opened, or is no video that this OpenCV reads");
        return nullptr;
    }
    *frames_per_second = video->capture.get(cv::CAP_PROP_FPS);
    return video.release();
} catch (std::exception const& exception) {
    tell(failure, exception.what());
    return nullptr;
}

int read_video(void* handle, VideoPicture* picture, VideoFailure* failure) try {
    auto& video = *static_cast<Video*>(handle);
    if (!video.capture.read(video.picture) || video.picture.empty()) return 0;
    if (video.picture.type() != CV_8UC3) {
        tell(failure, "its pictures are not in colours of 8 bits");
        return -1;
    }
    *picture = {video.picture.data, video.picture.step, video.picture.cols, video.picture.rows};
    return 1;
} catch (std::exception const& exception) {
    tell(failure, exception.what());
    return -1;
}

int skip_video(void* handle) try { return static_cast<Video*>(handle)->capture.grab() ? 1 : 0; } catch (std::exception const&) {
    return 0;
}

void close_video(void* handle) {
    delete static_cast<Video*>(handle);
}

}  // namespace

}  // namespace bioctl::image

extern "C" [[gnu::visibility("default")]] bioctl::image::VideoModule const* bioctl_image_video() {
    using namespace bioctl::image;
    static VideoModule const module{k_video_version, open_video, read_video, skip_video, close_video};
    return &module;
}
