#include "lib/image/video.hpp"

#include <cmath>
#include <mutex>

#include <dlfcn.h>
#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/image/video_abi.hpp"

namespace bioctl::image {

namespace {

namespace fs = std::filesystem;

Error no_module(std::string const& cause) {
    return {Kind::config, fmt::format("videos and cameras need {}: {}", k_video_file, cause)};
}

Result<VideoModule const*> open_module(fs::path const& folder) {
    auto const path = folder / k_video_file;
    std::error_code unknown;
    if (!fs::exists(path, unknown))
        return failure(no_module(fmt::format("not found in {}; install all of bioctl", printable(folder.native()))));
    void* const handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return failure(no_module(fmt::format("{}; install libopencv-videoio406", printable(::dlerror()))));
    auto const entry = reinterpret_cast<VideoEntry>(::dlsym(handle, k_video_entry));
    auto const* const module = entry == nullptr ? nullptr : entry();
    if (module != nullptr && module->version == k_video_version) return module;
    ::dlclose(handle);
    return failure(no_module("it belongs to another version of bioctl; install both anew"));
}

/// Opened once and never closed: FFmpeg keeps threads.
Result<VideoModule const*> module_of(fs::path const& folder) {
    static std::mutex mutex;
    static VideoModule const* module = nullptr;
    std::lock_guard const lock{mutex};
    if (module != nullptr) return module;
    auto opened = open_module(folder);
    if (opened) module = *opened;
    return opened;
}

std::string shown(VideoSource const& source) {
    return source.camera ? fmt::format("camera {}", *source.camera) : printable(source.shown);
}

}  // namespace

struct Video::Handle {
    VideoModule const* module;
    void* video;
    std::string name;

    Handle(VideoModule const* the_module, void* the_video, std::string the_name)
        : module(the_module), video(the_video), name(std::move(the_name)) {}
    ~Handle() { module->close(video); }
    Handle(Handle const&) = delete;
    Handle& operator=(Handle const&) = delete;
};

Video::Video(std::unique_ptr<Handle> handle, double frames_per_second, Limits const& limits)
    : m_handle(std::move(handle)), m_frames_per_second(frames_per_second), m_limits(limits) {}
Video::Video(Video&&) noexcept = default;
Video& Video::operator=(Video&&) noexcept = default;
Video::~Video() = default;

Result<Video> Video::open(VideoSource const& source, fs::path const& plugin_dir, Limits const& limits) {
    auto const module = module_of(plugin_dir);
    if (!module) return failure(module.error());
    double rate = 0;
    VideoFailure why{};
    void* const video = (*module)->open(source.name.c_str(), source.camera.value_or(-1),
                                        static_cast<std::int32_t>(source.timeout.count()), &rate, &why);
    if (video == nullptr) return failure(Error{Kind::no_input, fmt::format("{}: {}", shown(source), printable(why.text))});
    constexpr double k_fastest = 1000;
    bool const is_rate = std::isfinite(rate) && rate > 0 && rate <= k_fastest;
    return Video{std::make_unique<Handle>(*module, video, shown(source)), is_rate ? rate : 0, limits};
}

Result<std::optional<cv::Mat>> Video::read() {
    VideoPicture picture{};
    VideoFailure why{};
    int const got = m_handle->module->read(m_handle->video, &picture, &why);
    if (got == 0) return std::optional<cv::Mat>{};
    if (got < 0) return failure(Error{Kind::data, fmt::format("{}: {}", m_handle->name, printable(why.text))});
    auto const pixels = static_cast<std::uint64_t>(picture.width) * static_cast<std::uint64_t>(picture.height);
    if (pixels > m_limits.max_pixels)
        return failure(Error{Kind::data, fmt::format("{}: pictures of {} x {} are beyond max_pixels", m_handle->name,
                                                     picture.width, picture.height)});
    // The module's own: copied, for it is overwritten by the next.
    cv::Mat const borrowed{picture.height, picture.width, CV_8UC3, const_cast<unsigned char*>(picture.bgr), picture.step};
    return std::optional{borrowed.clone()};
}

bool Video::skip() {
    return m_handle->module->skip(m_handle->video) == 1;
}

}  // namespace bioctl::image
