#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/image/codecs.hpp"
#include "lib/image/fields.hpp"

namespace bioctl::image {

namespace {

using namespace std::string_view_literals;

// ISO base media files (HEIC, AVIF, but also films) list their brands in the first box.
Format format_of_brands(std::string_view file) {
    constexpr std::size_t k_most_read = 256;
    constexpr std::array k_avif{"avif"sv, "avis"sv};
    constexpr std::array k_heif{"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv, "hevx"sv, "mif1"sv, "msf1"sv};
    auto const size = Fields{as_bytes(file), std::endian::big}.u32(0).value_or(0);
    auto const brands = file.substr(0, std::min<std::size_t>(size, k_most_read));
    bool is_heif = false;
    for (std::size_t at = 8; at + 4 <= brands.size(); at += 4) {
        auto const brand = brands.substr(at, 4);
        // An AVIF names the general brand mif1 as well, in any order.
        if (std::ranges::find(k_avif, brand) != k_avif.end()) return Format::avif;
        is_heif = is_heif || std::ranges::find(k_heif, brand) != k_heif.end();
    }
    return is_heif ? Format::heif : Format::unknown;
}

Format format_of(std::string_view file) {
    if (file.starts_with("\xFF\xD8\xFF"sv)) return Format::jpeg;
    if (file.starts_with("\x89PNG\r\n\x1A\n"sv)) return Format::png;
    if (file.starts_with("RIFF"sv) && file.substr(8).starts_with("WEBP"sv)) return Format::webp;
    if (file.starts_with("BM"sv)) return Format::bmp;
    for (auto const mark : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv}) {
        if (file.starts_with(mark)) return Format::tiff;
    }
    if (file.substr(4).starts_with("ftyp"sv)) return format_of_brands(file);
    return Format::unknown;
}

struct Stranger {
    std::string_view start;  // lower case
    std::string_view what;
};

constexpr std::array k_strangers{
    Stranger{"<!doctype html"sv, "is HTML, not an image; the download may have failed"sv},
    Stranger{"<html"sv, "is HTML, not an image; the download may have failed"sv},
    Stranger{"<head"sv, "is HTML, not an image; the download may have failed"sv},
    Stranger{"<svg"sv, "is SVG, a drawing; save it as JPEG or PNG"sv},
    Stranger{"<?xml"sv, "is XML, not an image"sv},
    Stranger{"{"sv, "is JSON or text, not an image"sv},
    Stranger{"gif8"sv, "is GIF, which is not read; save it as JPEG or PNG"sv},
    Stranger{"%pdf"sv, "is PDF, not an image"sv},
    Stranger{"pk\x03\x04"sv, "is a ZIP archive, not an image"sv},
    Stranger{"\0\0\0\x0Cjxl "sv, "is JPEG XL, which is not read; save it as JPEG"sv},
    Stranger{"\xFF\x0A"sv, "is JPEG XL, which is not read; save it as JPEG"sv},
    Stranger{"\0\0\0\x0CjP  "sv, "is JPEG 2000, which is not read; save it as JPEG"sv},
};

std::string_view describe_stranger(std::string_view file) {
    constexpr auto k_byte_order_mark = "\xEF\xBB\xBF"sv;
    constexpr std::size_t k_most_blank = 1024;
    if (file.substr(4).starts_with("ftyp"sv)) return "is a film, not a photo";
    auto text = file.substr(0, k_most_blank);
    if (text.starts_with(k_byte_order_mark)) text.remove_prefix(k_byte_order_mark.size());
    for (auto const candidate : {text, trim(text)}) {
        auto const start = to_lower_ascii(candidate.substr(0, 16));
        for (auto const& stranger : k_strangers) {
            if (start.starts_with(to_lower_ascii(stranger.start))) return stranger.what;
        }
    }
    return "is not an image of a known format (JPEG, PNG, WebP, BMP, TIFF, HEIC, AVIF)";
}

}  // namespace

Outcome<Format> sniff(ByteView file) {
    if (file.empty()) return unreadable("is empty");
    // substr() of the functions above throws beyond the end; nothing that short is an image.
    constexpr std::size_t k_least_bytes = 12;
    auto const text = as_text(file);
    if (file.size() < k_least_bytes) return unreadable(fmt::format("has only {} bytes; that is no image", file.size()));
    auto const format = format_of(text);
    if (format == Format::unknown) return unreadable(std::string{describe_stranger(text)});
    return format;
}

}  // namespace bioctl::image
