#pragma once
// Frames that come now: a thread reads them as they arrive, and the newest one is looked at. Private to the frames.

#include <memory>
#include <optional>

#include "lib/app/frames.hpp"
#include "lib/image/jpeg_stream.hpp"
#include "lib/image/video.hpp"

namespace bioctl::app {

/// The JPEGs on standard input, one after the other. One thread.
class JpegPipe {
public:
    explicit JpegPipe(FrameRules const& rules) : m_rules(rules), m_stream(rules.limits.max_bytes) {}

    /// Waits; std::nullopt at the end, or when it is time to stop. Tells once of a pipe that has fallen silent, and at the end of
    /// pictures that were cut off. Throws Error{io}.
    std::optional<Bytes> next();

private:
    [[nodiscard]] bool read_more();
    void tell_broken();

    FrameRules m_rules;
    image::JpegStream m_stream;
    bool m_is_silent = false;
};

[[nodiscard]] std::unique_ptr<FrameSource> open_live_pipe(FrameRules const& rules);
/// Throws Error if it cannot be opened the first time.
[[nodiscard]] std::unique_ptr<FrameSource> open_live_video(image::VideoSource const& source, FrameRules const& rules);

}  // namespace bioctl::app
