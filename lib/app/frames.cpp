// Which source it is, and those that are recorded. Live ones: frames_live.cpp.

#include "lib/app/frames.hpp"

#include <unistd.h>

#include <cmath>

#include <fmt/format.h>

#include "lib/app/frames_live.hpp"
#include "lib/app/photos.hpp"
#include "lib/base/error.hpp"
#include "lib/base/text.hpp"
#include "lib/image/jpeg_stream.hpp"
#include "lib/image/video.hpp"

namespace bioctl::app {

namespace {

/// Of recorded frames, which ones are taken and what time it was then.
class Pace {
public:
    Pace(FrameRules const& rules, double rate) : m_fps(rules.fps), m_rate(rate), m_start(rules.start) {}

    /// Of frame `index`, from 0; std::nullopt if it is passed over.
    [[nodiscard]] std::optional<Timestamp> take(std::int64_t index) {
        constexpr double k_rounding = 1e-6;
        double const seconds = static_cast<double>(index) / m_rate;
        auto const slot = static_cast<std::int64_t>(std::floor(seconds * m_fps + k_rounding));
        if (slot == m_slot) return std::nullopt;
        m_slot = slot;
        return m_start + std::chrono::milliseconds{std::llround(seconds * 1000)};
    }

private:
    double m_fps, m_rate;
    Timestamp m_start;
    std::int64_t m_slot = -1;
};

class FolderFrames final : public FrameSource {
public:
    FolderFrames(fs::path const& folder, FrameRules const& rules)
        : m_rules(rules), m_pace(rules, rules.input_fps.value_or(rules.fps)) {
        auto found = list_photos(folder);
        for (auto const& trouble : found.troubles)
            rules.on_trouble(fmt::format("{}: {}", printable(trouble.folder.native()), trouble.detail));
        m_photos = std::move(found.photos);
        if (m_photos.empty())
            throw Error{Kind::no_input, fmt::format("{}: there is no photo in this folder", printable(folder.native()))};
    }

    std::optional<Frame> next() override {
        while (m_index < m_photos.size() && !m_rules.should_stop()) {
            auto const& path = m_photos[m_index];
            auto const time = m_pace.take(static_cast<std::int64_t>(m_index++));
            if (!time) continue;
            auto file = image::read(path, m_rules.limits);
            if (!file) {
                m_rules.on_trouble(fmt::format("{}: {}", printable(path.native()), file.error().detail));
                continue;
            }
            return Frame{.number = ++m_taken, .time = *time, .name = path.string(), .jpeg = std::move(*file)};
        }
        return std::nullopt;
    }
    [[nodiscard]] bool is_live() const override { return false; }

private:
    FrameRules const m_rules;
    Pace m_pace;
    std::vector<fs::path> m_photos;
    std::size_t m_index = 0;
    std::int64_t m_taken = 0;
};

/// JPEGs on standard input that were recorded at a known rate.
class PipeFrames final : public FrameSource {
public:
    explicit PipeFrames(FrameRules const& rules) : m_pace(rules, *rules.input_fps), m_pipe(rules) {}

    std::optional<Frame> next() override {
        while (auto jpeg = m_pipe.next()) {
            auto const time = m_pace.take(m_index++);
            if (time)
                return Frame{
                    .number = ++m_taken, .time = *time, .name = fmt::format("frame {}", m_index), .jpeg = *std::move(jpeg)};
        }
        return std::nullopt;
    }
    [[nodiscard]] bool is_live() const override { return false; }

private:
    Pace m_pace;
    JpegPipe m_pipe;
    std::int64_t m_index = 0, m_taken = 0;
};

class VideoFrames final : public FrameSource {
public:
    VideoFrames(image::Video video, FrameRules const& rules)
        : m_rules(rules), m_video(std::move(video)), m_pace(rules, rate_of(m_video, rules)) {}

    std::optional<Frame> next() override {
        for (; !m_rules.should_stop(); ++m_index) {
            auto const time = m_pace.take(m_index);
            if (!time) {
                if (!m_video.skip()) return std::nullopt;
                continue;
            }
            auto picture = m_video.read().or_throw();
            if (!picture) return std::nullopt;
            ++m_index;
            return Frame{.number = ++m_taken, .time = *time, .name = fmt::format("frame {}", m_index), .pixels = *picture};
        }
        return std::nullopt;
    }
    [[nodiscard]] bool is_live() const override { return false; }

private:
    static double rate_of(image::Video const& video, FrameRules const& rules) {
        constexpr double k_usual = 25;
        if (rules.input_fps) return *rules.input_fps;
        return video.frames_per_second() > 0 ? video.frames_per_second() : k_usual;
    }

    FrameRules const m_rules;
    image::Video m_video;
    Pace m_pace;
    std::int64_t m_index = 0, m_taken = 0;
};

std::optional<int> camera_number(std::string const& source) {
    constexpr std::size_t k_most_digits = 3;
    bool const is_number =
        !source.empty() && source.size() <= k_most_digits && source.find_first_not_of("0123456789") == std::string::npos;
    return is_number ? std::optional{std::stoi(source)} : std::nullopt;
}

}  // namespace

image::Outcome<cv::Mat> pixels_of(Frame const& frame, image::Limits const& limits) {
    if (!frame.pixels.empty()) return frame.pixels;
    auto photo = image::decode(frame.jpeg, {.limits = limits, .min_longer_side = 0});
    if (!photo) return tl::unexpected(photo.error());
    return photo->pixels;
}

std::string without_login(std::string const& source) {
    auto const scheme = source.find("://");
    if (scheme == std::string::npos) return source;
    auto const host = scheme + 3;
    auto const end = std::min(source.find_first_of("/?#", host), source.size());
    auto const login = source.rfind('@', end);
    if (login == std::string::npos || login < host) return source;
    return source.substr(0, host) + source.substr(login + 1);
}

std::unique_ptr<FrameSource> open_frames(std::string const& source, FrameRules const& rules) {
    if (source == "-") {
        if (rules.input_fps) return std::make_unique<PipeFrames>(rules);
        return open_live_pipe(rules);
    }
    std::error_code error;
    auto const camera = camera_number(source);
    bool const is_url = source.find("://") != std::string::npos;
    if (camera || is_url || source.starts_with("/dev/"))
        return open_live_video({.name = source, .shown = without_login(source), .camera = camera, .timeout = rules.stall}, rules);
    auto const status = fs::status(source, error);
    if (fs::is_directory(status)) return std::make_unique<FolderFrames>(source, rules);
    if (!fs::exists(status))
        throw Error{Kind::no_input, fmt::format("{}: there is no such file or folder; a camera is a number, a stream begins with "
                                                "rtsp:// or http://, and - is standard input",
                                                printable(source))};
    auto video = image::Video::open({.name = source, .shown = source, .timeout = rules.stall}, rules.plugin_dir, rules.limits);
    if (!video) throw Error{video.error().kind() == Kind::no_input ? Kind::data : video.error().kind(), video.error().message()};
    return std::make_unique<VideoFrames>(std::move(*video), rules);
}

}  // namespace bioctl::app
