#include <algorithm>

#include "lib/image/codecs.hpp"
#include "lib/image/colour.hpp"

namespace bioctl::image {

namespace {

int reduction_for(Header const& header, int min_longer_side) {
    if (min_longer_side <= 0) return 1;
    auto const longer = std::max(header.width, header.height);
    for (int const reduction : {8, 4, 2}) {
        if (reduced(longer, reduction) >= min_longer_side) return reduction;
    }
    return 1;
}

Outcome<cv::Mat> decode_stored(ByteView file, Header const& header, int reduction) {
    switch (header.format) {
        case Format::jpeg: return decode_jpeg(file, header, reduction);
        case Format::png: return decode_png(file, header);
        case Format::webp: return decode_webp(file, header, reduction);
        case Format::bmp: return decode_bmp(file, header);
        case Format::tiff:
        case Format::heif:
        case Format::avif: return decode_rare(file, header);
        case Format::unknown: break;
    }
    return unreadable("is of an unknown format");
}

cv::Size upright_size(Header const& header) {
    bool const is_turned = header.orientation >= 5;
    return is_turned ? cv::Size{header.height, header.width} : cv::Size{header.width, header.height};
}

}  // namespace

Outcome<Photo> decode(ByteView file, DecodeOptions const& options) {
    auto const header = read_header(file, options.limits);
    if (!header) return tl::unexpected(header.error());
    auto stored = decode_stored(file, *header, reduction_for(*header, options.min_longer_side));
    if (!stored) return tl::unexpected(stored.error());
    return Photo{.pixels = upright(std::move(*stored), header->orientation),
                 .full_size = upright_size(*header),
                 .format = header->format,
                 .orientation = header->orientation};
}

}  // namespace bioctl::image
