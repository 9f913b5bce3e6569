#include "lib/image/codecs.hpp"
#include "lib/image/exif.hpp"
#include "lib/image/fields.hpp"

namespace bioctl::image {

namespace {

using namespace std::string_view_literals;

// Names from ITU-T T.81, table B.1.
enum Marker : std::uint32_t {
    sof0 = 0xC0,
    dht = 0xC4,
    jpg = 0xC8,
    dac = 0xCC,
    sof15 = 0xCF,
    rst0 = 0xD0,
    soi = 0xD8,
    eoi = 0xD9,
    sos = 0xDA,
    app1 = 0xE1,
    tem = 0x01,
};

bool is_frame(std::uint32_t marker) {
    return marker >= sof0 && marker <= sof15 && marker != dht && marker != jpg && marker != dac;
}

bool stands_alone(std::uint32_t marker) {
    return marker == tem || (marker >= rst0 && marker <= soi);
}

struct Segment {
    std::uint32_t marker = 0;
    ByteView content;
};

/// Goes from marker to marker as libjpeg does: what is not FF is skipped, FF may be repeated.
class Segments {
public:
    explicit Segments(ByteView file) : m_file(file), m_fields(file, std::endian::big) {}

    /// std::nullopt at the end of the file or of sense.
    std::optional<Segment> next() {
        auto const marker = next_marker();
        if (!marker || stands_alone(*marker) || *marker == eoi)
            return marker ? std::optional{Segment{*marker, {}}} : std::nullopt;
        auto const length = m_fields.u16(m_at);
        if (!length || *length < 2 || *length > m_file.size() - m_at) return std::nullopt;
        Segment const segment{*marker, m_file.subspan(m_at + 2, *length - 2)};
        m_at += *length;
        return segment;
    }

private:
    std::optional<std::uint32_t> next_marker() {
        constexpr std::uint32_t k_prefix = 0xFF;
        while (m_fields.u8(m_at).value_or(k_prefix) != k_prefix)
            ++m_at;
        while (m_fields.u8(m_at) == k_prefix)
            ++m_at;
        return m_fields.u8(m_at++);
    }

    ByteView m_file;
    Fields m_fields;
    std::size_t m_at = 2;
};

void take_size(Header& header, ByteView frame) {
    Fields const fields{frame, std::endian::big};
    header.height = static_cast<int>(fields.u16(1).value_or(0));
    header.width = static_cast<int>(fields.u16(3).value_or(0));
}

}  // namespace

Outcome<Header> read_jpeg_header(ByteView file) {
    Header header{.format = Format::jpeg};
    bool has_frame = false;
    bool has_exif = false;
    Segments segments{file};
    for (auto segment = segments.next(); segment; segment = segments.next()) {
        if (segment->marker == sos) {
            if (header.width == 0 || header.height == 0) return damaged(Format::jpeg, "it has no size");
            return header;
        }
        if (segment->marker == eoi) return damaged(Format::jpeg, "it holds no picture");
        if (is_frame(segment->marker) && !has_frame) {
            take_size(header, segment->content);
            has_frame = true;
        }
        if (segment->marker == app1 && !has_exif && as_text(segment->content).starts_with("Exif\0\0"sv)) {
            header.orientation = exif_orientation(segment->content);
            has_exif = true;
        }
    }
    return truncated(Format::jpeg);
}

}  // namespace bioctl::image
