#include <algorithm>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/image/codecs.hpp"

namespace bioctl::image {

namespace {

Outcome<Header> read_any_header(ByteView file, Format format) {
    switch (format) {
        case Format::jpeg: return read_jpeg_header(file);
        case Format::png: return read_png_header(file);
        case Format::webp: return read_webp_header(file);
        case Format::bmp: return read_bmp_header(file);
        case Format::tiff:
        case Format::heif:
        case Format::avif: return read_rare_header(file, format);
        case Format::unknown: break;
    }
    return unreadable("is of an unknown format");
}

tl::unexpected<Failure> too_large(std::string detail) {
    return tl::unexpected<Failure>(Failure{Failure::Reason::too_large, std::move(detail)});
}

// That of JPEG. Beyond it are no photos, but pictures whose one dimension makes tables and loops explode.
constexpr std::int32_t k_longest_side = 65'535;

}  // namespace

Outcome<Header> read_header(ByteView file, Limits const& limits) {
    if (file.size() > limits.max_bytes) {
        return too_large(fmt::format("is {}, larger than max-bytes, {}", human_size(file.size()), human_size(limits.max_bytes)));
    }
    auto const format = sniff(file);
    if (!format) return tl::unexpected(format.error());
    auto header = read_any_header(file, *format);
    if (!header) return header;
    auto const visible = static_cast<std::uint64_t>(header->width) * static_cast<std::uint64_t>(header->height);
    if (auto const side = std::max(header->width, header->height); side > k_longest_side) {
        return too_large(fmt::format("has a side of {} pixels, more than {}", side, k_longest_side));
    }
    auto const pixels = header->stored_pixels = std::max(header->stored_pixels, visible);
    if (pixels > limits.max_pixels) {
        constexpr double k_million = 1e6;
        return too_large(fmt::format("{} {} x {} pixels, {:.1f} million{}, more than max-pixels, {:.1f} million",
                                     pixels > visible ? "shows" : "has", header->width, header->height,
                                     static_cast<double>(pixels) / k_million, pixels > visible ? " to be decoded" : "",
                                     static_cast<double>(limits.max_pixels) / k_million));
    }
    return header;
}

}  // namespace bioctl::image
