#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "lib/image/bmp_runs.hpp"
#include "lib/image/codecs.hpp"
#include "lib/image/fields.hpp"

namespace bioctl::image {

namespace {

constexpr std::size_t k_file_header = 14;
constexpr std::uint32_t k_core_header = 12;  // OS/2: 16-bit sizes, palette entries of three bytes
constexpr std::uint32_t k_info_header = 40;
constexpr std::size_t k_masks_at = k_file_header + k_info_header;  // behind a plain header, inside the longer ones

enum Compression : std::uint32_t { none = 0, rle8 = 1, rle4 = 2, bit_fields = 3, alpha_bit_fields = 6 };

using Bgr = std::array<std::uint8_t, 3>;

struct Layout {
    std::uint32_t header_size = 0;
    cv::Size size;
    bool is_top_down = false;
    std::uint32_t bits = 0;
    std::uint32_t compression = none;
    std::uint32_t colours = 0;
    std::size_t pixels_at = 0;

    [[nodiscard]] bool has_masks() const { return compression == bit_fields || compression == alpha_bit_fields; }
    [[nodiscard]] std::size_t row_bits() const { return static_cast<std::size_t>(size.width) * bits; }
    [[nodiscard]] std::size_t row_step() const { return (row_bits() + 31) / 32 * 4; }
    [[nodiscard]] int row_of(int stored) const { return is_top_down ? stored : size.height - 1 - stored; }
};

std::optional<Layout> parse_layout(ByteView file) {
    Fields const f{file, std::endian::little};
    auto const header_size = f.u32(k_file_header);
    if (!header_size) return std::nullopt;
    bool const is_core = *header_size == k_core_header;
    auto const width = is_core ? f.u16(18) : f.u32(18);
    auto const height = is_core ? f.u16(20) : f.u32(22);
    auto const bits = f.u16(is_core ? 24 : 28);
    auto const compression = is_core ? std::optional<std::uint32_t>{none} : f.u32(30);
    auto const colours = is_core ? std::optional<std::uint32_t>{0} : f.u32(46);
    auto const pixels_at = f.u32(10);
    if (!width || !height || !bits || !compression || !colours || !pixels_at) return std::nullopt;
    auto const signed_height = static_cast<std::int32_t>(*height);
    // The one number without a counterpart above zero becomes "no size".
    auto const rows = signed_height == std::numeric_limits<std::int32_t>::min() ? 0 : std::abs(signed_height);
    return Layout{.header_size = *header_size,
                  .size = {static_cast<std::int32_t>(*width), rows},
                  .is_top_down = signed_height < 0,
                  .bits = *bits,
                  .compression = *compression,
                  .colours = *colours,
                  .pixels_at = *pixels_at};
}

bool is_known_kind(Layout const& layout) {
    constexpr std::array<std::uint32_t, 6> k_depths{1, 4, 8, 16, 24, 32};
    switch (layout.compression) {
        case none: return std::ranges::find(k_depths, layout.bits) != k_depths.end();
        case rle8: return layout.bits == 8;
        case rle4: return layout.bits == 4;
        case bit_fields:
        case alpha_bit_fields: return layout.bits == 16 || layout.bits == 32;
        default: return false;
    }
}

Outcome<Layout> read_layout(ByteView file) {
    auto const layout = parse_layout(file);
    if (!layout) return truncated(Format::bmp);
    bool const is_known_header = layout->header_size == k_core_header || layout->header_size >= k_info_header;
    if (!is_known_header) return damaged(Format::bmp, fmt::format("a header of {} bytes", layout->header_size));
    if (layout->size.width < 1 || layout->size.height < 1) return damaged(Format::bmp, "it has no size");
    if (!is_known_kind(*layout)) {
        return unreadable(fmt::format("is BMP of a kind that is not read ({} bits, compression {}); save it as PNG", layout->bits,
                                      layout->compression));
    }
    return *layout;
}

/// 256 colours, black where the file has none: an index beyond a short palette is no reason to refuse.
Outcome<std::array<Bgr, 256>> read_palette(ByteView file, Layout const& layout) {
    std::size_t const step = layout.header_size == k_core_header ? 3 : 4;
    std::size_t const most = std::size_t{1} << layout.bits;
    auto const count = layout.colours == 0 ? most : std::min<std::size_t>(layout.colours, most);
    std::array<Bgr, 256> palette{};
    auto const at = k_file_header + layout.header_size;
    if (at > file.size() || count * step > file.size() - at) return truncated(Format::bmp);
    for (std::size_t i = 0; i < count; ++i)
        std::memcpy(palette[i].data(), file.data() + at + i * step, 3);
    return palette;
}

cv::Mat coloured(cv::Mat const& indices, std::array<Bgr, 256> const& palette, Layout const& layout) {
    cv::Mat pixels{layout.size, CV_8UC3};
    for (int stored = 0; stored < layout.size.height; ++stored) {
        auto const* from = indices.ptr(stored);
        auto* to = pixels.ptr(layout.row_of(stored));
        for (int x = 0; x < layout.size.width; ++x, to += 3)
            std::memcpy(to, palette[from[x]].data(), 3);
    }
    return pixels;
}

cv::Mat unpack_indices(ByteView rows, Layout const& layout) {
    cv::Mat indices{layout.size, CV_8UC1};
    auto const per_byte = 8 / layout.bits;
    auto const mask = (1U << layout.bits) - 1;
    for (int y = 0; y < layout.size.height; ++y) {
        auto const* from = rows.data() + static_cast<std::size_t>(y) * layout.row_step();
        auto* to = indices.ptr(y);
        for (unsigned x = 0; x < static_cast<unsigned>(layout.size.width); ++x) {
            auto const shift = 8 - layout.bits * (x % per_byte + 1);
            to[x] = static_cast<std::uint8_t>(std::to_integer<unsigned>(from[x / per_byte]) >> shift & mask);
        }
    }
    return indices;
}

/// One colour inside a pixel of 16 or 32 bits.
struct Channel {
    std::uint32_t mask = 0;

    [[nodiscard]] std::uint8_t of(std::uint32_t pixel) const {
        if (mask == 0) return 0;
        auto const shift = std::countr_zero(mask);
        std::uint64_t const value = (pixel & mask) >> shift;
        return static_cast<std::uint8_t>(value * 255 / (mask >> shift));
    }
};
using Channels = std::array<Channel, 3>;  // blue, green, red

Outcome<Channels> read_channels(ByteView file, Layout const& layout) {
    if (!layout.has_masks()) {
        return layout.bits == 16 ? Channels{{{0x1F}, {0x3E0}, {0x7C00}}} : Channels{{{0xFF}, {0xFF00}, {0xFF0000}}};
    }
    Fields const fields{file, std::endian::little};
    auto const red = fields.u32(k_masks_at);
    auto const green = fields.u32(k_masks_at + 4);
    auto const blue = fields.u32(k_masks_at + 8);
    if (!red || !green || !blue) return truncated(Format::bmp);
    return Channels{{{*blue}, {*green}, {*red}}};
}

// Alpha is left out: most writers leave the fourth byte zero, whatever the header says of it.
cv::Mat unpack_channels(ByteView rows, Layout const& layout, Channels const& channels) {
    cv::Mat pixels{layout.size, CV_8UC3};
    Fields const fields{rows, std::endian::little};
    std::size_t const step = layout.bits / 8;
    for (int stored = 0; stored < layout.size.height; ++stored) {
        auto at = static_cast<std::size_t>(stored) * layout.row_step();
        auto* to = pixels.ptr(layout.row_of(stored));
        for (int x = 0; x < layout.size.width; ++x, at += step) {
            auto const pixel = (step == 2 ? fields.u16(at) : fields.u32(at)).value_or(0);
            for (auto const& channel : channels)
                *to++ = channel.of(pixel);
        }
    }
    return pixels;
}

cv::Mat copy_bgr(ByteView rows, Layout const& layout) {
    cv::Mat pixels{layout.size, CV_8UC3};
    for (int stored = 0; stored < layout.size.height; ++stored) {
        auto const* from = rows.data() + static_cast<std::size_t>(stored) * layout.row_step();
        std::memcpy(pixels.ptr(layout.row_of(stored)), from, static_cast<std::size_t>(layout.size.width) * 3);
    }
    return pixels;
}

Outcome<cv::Mat> decode_indexed(ByteView file, ByteView rows, Layout const& layout) {
    auto const palette = read_palette(file, layout);
    if (!palette) return tl::unexpected(palette.error());
    if (layout.compression == none) return coloured(unpack_indices(rows, layout), *palette, layout);
    auto const runs = layout.compression == rle8 ? Runs::of_bytes : Runs::of_nibbles;
    auto const indices = unpack_runs(rows, layout.size, runs);
    if (!indices) return truncated(Format::bmp);
    return coloured(*indices, *palette, layout);
}

}  // namespace

Outcome<Header> read_bmp_header(ByteView file) {
    auto const layout = read_layout(file);
    if (!layout) return tl::unexpected(layout.error());
    return Header{.format = Format::bmp, .width = layout->size.width, .height = layout->size.height};
}

Outcome<cv::Mat> decode_bmp(ByteView file, Header const&) {
    auto const layout = read_layout(file);
    if (!layout) return tl::unexpected(layout.error());
    if (layout->pixels_at > file.size()) return truncated(Format::bmp);
    auto const rows = file.subspan(layout->pixels_at);
    bool const is_packed = layout->compression == rle8 || layout->compression == rle4;
    // The padding of the last row carries nothing.
    auto const needed = layout->row_step() * static_cast<std::size_t>(layout->size.height - 1) + (layout->row_bits() + 7) / 8;
    if (!is_packed && rows.size() < needed) return truncated(Format::bmp);
    if (layout->bits <= 8) return decode_indexed(file, rows, *layout);
    if (layout->bits == 24) return copy_bgr(rows, *layout);
    auto const channels = read_channels(file, *layout);
    if (!channels) return tl::unexpected(channels.error());
    return unpack_channels(rows, *layout, *channels);
}

}  // namespace bioctl::image
