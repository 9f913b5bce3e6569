#pragma once
// The JPEGs of a stream, one after the other: MJPEG, concatenated files, a multipart body. What stands between them is skipped.

#include <cstddef>
#include <cstdint>
#include <optional>

#include "lib/base/bytes.hpp"

namespace bioctl::image {

/// Holds at most one picture and what came with its last piece. One thread.
class JpegStream {
public:
    /// Pictures above `max_bytes` are dropped.
    explicit JpegStream(std::uint64_t max_bytes) : m_max_bytes(max_bytes) {}

    /// What has arrived next. Call next() until it has no more before the next piece.
    void feed(ByteView piece);
    /// The next whole picture, from its first byte to its last; it may still prove damaged when it is decoded.
    [[nodiscard]] std::optional<Bytes> next();
    /// Pictures that were cut off by the next one, or dropped.
    [[nodiscard]] std::uint64_t broken() const { return m_broken; }
    /// A picture has begun and not ended: at the end of the stream, one that was cut off.
    [[nodiscard]] bool is_inside() const { return m_is_inside; }

private:
    enum class Step { done, more, broken };
    bool find_start();
    Step walk();
    Step walk_segment();
    Step walk_scan();
    [[nodiscard]] unsigned char at(std::size_t index) const { return static_cast<unsigned char>(m_buffer[index]); }
    void resync();

    std::uint64_t m_max_bytes;
    Bytes m_buffer;
    bool m_is_inside = false;  // m_buffer begins with a picture
    bool m_is_scan = false;    // at m_at are coded pixels, else a marker
    std::size_t m_at = 0;      // as far as the picture was understood
    std::uint64_t m_broken = 0;
};

}  // namespace bioctl::image
