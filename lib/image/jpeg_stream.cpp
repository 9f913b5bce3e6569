#include "lib/image/jpeg_stream.hpp"

#include <algorithm>

namespace bioctl::image {

namespace {

// ITU-T T.81, table B.1.
constexpr unsigned char k_prefix = 0xFF;
constexpr unsigned char k_start_of_image = 0xD8;
constexpr unsigned char k_end_of_image = 0xD9;
constexpr unsigned char k_start_of_scan = 0xDA;
constexpr unsigned char k_first_restart = 0xD0;
constexpr unsigned char k_last_restart = 0xD7;
constexpr unsigned char k_temporary = 0x01;
constexpr std::size_t k_marker = 2;

bool stands_alone(unsigned char marker) {
    return (marker >= k_first_restart && marker <= k_last_restart) || marker == k_temporary;
}

}  // namespace

void JpegStream::feed(ByteView piece) {
    m_buffer.insert(m_buffer.end(), piece.begin(), piece.end());
}

/// Drops what is before the next start of a picture. False if there is none yet.
bool JpegStream::find_start() {
    constexpr std::byte k_start[] = {std::byte{k_prefix}, std::byte{k_start_of_image}, std::byte{k_prefix}};
    auto const start = std::search(m_buffer.begin(), m_buffer.end(), std::begin(k_start), std::end(k_start));
    bool const is_found = start != m_buffer.end();
    auto const kept = std::min(m_buffer.size(), std::size(k_start) - 1);  // may be the beginning of one
    m_buffer.erase(m_buffer.begin(), is_found ? start : m_buffer.end() - static_cast<std::ptrdiff_t>(kept));
    m_is_inside = is_found;
    m_is_scan = false;
    m_at = k_marker;
    return is_found;
}

/// What began here is no picture: looks for the next start behind it.
void JpegStream::resync() {
    ++m_broken;
    m_buffer.erase(m_buffer.begin(), m_buffer.begin() + static_cast<std::ptrdiff_t>(std::max(m_at, k_marker)));
    m_is_inside = false;
}

JpegStream::Step JpegStream::walk_segment() {
    if (m_at + k_marker > m_buffer.size()) return Step::more;
    if (at(m_at) != k_prefix) return Step::broken;
    auto const marker = at(m_at + 1);
    if (marker == k_prefix) {  // a fill byte
        ++m_at;
        return Step::done;
    }
    if (marker == k_start_of_image) return Step::broken;
    if (marker == k_end_of_image || stands_alone(marker)) {
        m_at += k_marker;
        return Step::done;
    }
    if (m_at + 2 * k_marker > m_buffer.size()) return Step::more;
    std::size_t const length = std::size_t{at(m_at + 2)} << 8U | at(m_at + 3);
    if (length < 2) return Step::broken;
    if (m_at + k_marker + length > m_buffer.size()) return Step::more;
    m_at += k_marker + length;
    m_is_scan = marker == k_start_of_scan;
    return Step::done;
}

/// To the next marker that is none of the coded pixels.
JpegStream::Step JpegStream::walk_scan() {
    while (m_at + 1 < m_buffer.size()) {
        auto const found =
            std::find(m_buffer.begin() + static_cast<std::ptrdiff_t>(m_at), m_buffer.end() - 1, std::byte{k_prefix});
        m_at = static_cast<std::size_t>(found - m_buffer.begin());
        if (m_at + 1 >= m_buffer.size()) break;
        auto const marker = at(m_at + 1);
        if (marker != 0 && marker != k_prefix && !stands_alone(marker)) {
            m_is_scan = false;
            return Step::done;
        }
        m_at += marker == k_prefix ? 1 : 2;
    }
    return Step::more;
}

/// Until the end of the picture, which is then the first m_at bytes.
JpegStream::Step JpegStream::walk() {
    for (;;) {
        bool const is_end =
            !m_is_scan && m_at + k_marker <= m_buffer.size() && at(m_at) == k_prefix && at(m_at + 1) == k_end_of_image;
        auto const step = m_is_scan ? walk_scan() : walk_segment();
        if (step != Step::done || is_end) return step;
    }
}

std::optional<Bytes> JpegStream::next() {
    for (;;) {
        if (!m_is_inside && !find_start()) return std::nullopt;
        auto const step = walk();
        bool const is_too_long = m_buffer.size() > m_max_bytes && (step == Step::more || m_at > m_max_bytes);
        if (step == Step::broken || is_too_long) {
            resync();
            continue;
        }
        if (step == Step::more) return std::nullopt;
        auto const end = m_buffer.begin() + static_cast<std::ptrdiff_t>(m_at);
        Bytes picture{m_buffer.begin(), end};
        m_buffer.erase(m_buffer.begin(), end);
        m_is_inside = false;
        return picture;
    }
}

}  // namespace bioctl::image
