#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include "tests/unit/image/writers.hpp"

namespace bioctl::image::test {

namespace {

J_COLOR_SPACE given(Ink ink) {
    switch (ink) {
        case Ink::grey: return JCS_GRAYSCALE;
        case Ink::cmyk:
        case Ink::ycck: return JCS_CMYK;
        case Ink::ycc:
        case Ink::rgb: break;
    }
    return JCS_EXT_BGR;
}

J_COLOR_SPACE stored(Ink ink) {
    switch (ink) {
        case Ink::ycc: return JCS_YCbCr;
        case Ink::rgb: return JCS_RGB;
        case Ink::grey: return JCS_GRAYSCALE;
        case Ink::cmyk: return JCS_CMYK;
        case Ink::ycck: return JCS_YCCK;
    }
    return JCS_UNKNOWN;
}

}  // namespace

Bytes write_jpeg(cv::Mat const& pixels, JpegStyle const& style) {
    jpeg_error_mgr errors;  // libjpeg's own prints and exits, which is what a broken test should do
    jpeg_compress_struct info{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char* data = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &data, &size);
    info.image_width = static_cast<JDIMENSION>(pixels.cols);
    info.image_height = static_cast<JDIMENSION>(pixels.rows);
    info.input_components = pixels.channels();
    info.in_color_space = given(style.ink);
    jpeg_set_defaults(&info);
    jpeg_set_colorspace(&info, stored(style.ink));
    constexpr int k_quality = 95;
    jpeg_set_quality(&info, k_quality, TRUE);
    info.comp_info[0].h_samp_factor = 1;
    info.comp_info[0].v_samp_factor = 1;
    info.restart_interval = static_cast<unsigned>(style.restart_interval);
    if (!style.has_adobe_marker) info.write_Adobe_marker = FALSE;
    if (style.is_progressive) jpeg_simple_progression(&info);
    jpeg_start_compress(&info, TRUE);
    for (int y = 0; y < pixels.rows; ++y) {
        auto* row = const_cast<JSAMPROW>(pixels.ptr(y));
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    auto const* const begin = reinterpret_cast<std::byte const*>(data);
    Bytes bytes{begin, begin + size};
    std::free(data);
    return bytes;
}

Bytes with_jpeg_segment(ByteView jpeg, unsigned marker, std::string const& content) {
    auto const segment =
        '\xFF' + std::string{static_cast<char>(marker)} + be16(static_cast<unsigned>(content.size()) + 2) + content;
    return joined({jpeg.first(2), as_bytes(segment), jpeg.subspan(2)});
}

}  // namespace bioctl::image::test
