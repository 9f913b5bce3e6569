#include <webp/decode.h>

#include "lib/image/codecs.hpp"
#include "lib/image/colour.hpp"
#include "lib/image/exif.hpp"
#include "lib/image/fields.hpp"

namespace bioctl::image {

namespace {

constexpr std::size_t k_riff_head = 8;  // name and length, of the file as of each chunk

unsigned char const* raw(ByteView file) {
    return reinterpret_cast<unsigned char const*>(file.data());
}

int find_orientation(ByteView file) {
    Fields const fields{file, std::endian::little};
    std::size_t at = k_riff_head + 4;
    while (auto const length = fields.u32(at + 4)) {
        auto const content = at + k_riff_head;
        if (*length > file.size() - content) break;
        if (as_text(file.subspan(at, 4)) == "EXIF") return exif_orientation(file.subspan(content, *length));
        at = content + *length + *length % 2;
    }
    return 1;
}

bool is_truncated(ByteView file) {
    auto const length = Fields{file, std::endian::little}.u32(4);
    return !length || *length > file.size() - k_riff_head;
}

tl::unexpected<Failure> failure_of(VP8StatusCode status) {
    switch (status) {
        case VP8_STATUS_NOT_ENOUGH_DATA:
        case VP8_STATUS_SUSPENDED: return truncated(Format::webp);
        case VP8_STATUS_UNSUPPORTED_FEATURE: return unreadable("is WebP of a kind that is not read; save it as JPEG");
        case VP8_STATUS_OUT_OF_MEMORY: throw std::bad_alloc{};
        default: return damaged(Format::webp, "its data make no picture");
    }
}

}  // namespace

Outcome<Header> read_webp_header(ByteView file) {
    WebPBitstreamFeatures features;
    auto const status = WebPGetFeatures(raw(file), file.size(), &features);
    if (status != VP8_STATUS_OK) return failure_of(status);
    if (features.has_animation != 0) return unreadable("is animated WebP; save one of its pictures as JPEG or PNG");
    if (features.width < 1 || features.height < 1) return damaged(Format::webp, "it has no size");
    return Header{Format::webp, features.width, features.height, find_orientation(file)};
}

Outcome<cv::Mat> decode_webp(ByteView file, Header const& header, int reduction) {
    if (is_truncated(file)) return truncated(Format::webp);
    WebPDecoderConfig config;
    if (WebPInitDecoderConfig(&config) == 0) throw Error{Kind::bug, "libwebp is not the version bioctl was built with"};
    if (auto const status = WebPGetFeatures(raw(file), file.size(), &config.input); status != VP8_STATUS_OK) {
        return failure_of(status);
    }
    bool const has_alpha = config.input.has_alpha != 0;
    cv::Mat pixels{cv::Size{reduced(header.width, reduction), reduced(header.height, reduction)}, has_alpha ? CV_8UC4 : CV_8UC3};
    config.options.use_scaling = reduction > 1 ? 1 : 0;
    config.options.scaled_width = pixels.cols;
    config.options.scaled_height = pixels.rows;
    config.output.colorspace = has_alpha ? MODE_BGRA : MODE_BGR;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = pixels.data;
    config.output.u.RGBA.stride = static_cast<int>(pixels.step);
    config.output.u.RGBA.size = pixels.step * static_cast<std::size_t>(pixels.rows);
    auto const status = WebPDecode(raw(file), file.size(), &config);
    WebPFreeDecBuffer(&config.output);
    if (status != VP8_STATUS_OK) return failure_of(status);
    return has_alpha ? blend_on_white(pixels) : pixels;
}

}  // namespace bioctl::image
