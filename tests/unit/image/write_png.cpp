#include <png.h>

#include "tests/unit/image/writers.hpp"

namespace bioctl::image::test {

namespace {

void append(png_structp png, png_bytep data, std::size_t size) {
    auto& bytes = *static_cast<Bytes*>(png_get_io_ptr(png));
    auto const* const begin = reinterpret_cast<std::byte const*>(data);
    bytes.insert(bytes.end(), begin, begin + size);
}

int colour_type(cv::Mat const& pixels, PngStyle const& style) {
    if (!style.palette.empty()) return PNG_COLOR_TYPE_PALETTE;
    switch (pixels.channels()) {
        case 1: return PNG_COLOR_TYPE_GRAY;
        case 2: return PNG_COLOR_TYPE_GRAY_ALPHA;
        case 3: return PNG_COLOR_TYPE_RGB;
        default: return PNG_COLOR_TYPE_RGB_ALPHA;
    }
}

void set_palette(png_structp png, png_infop info, PngStyle const& style) {
    std::vector<png_color> colours;
    std::vector<png_byte> alphas;
    for (auto const& [r, g, b, a] : style.palette) {
        colours.push_back({r, g, b});
        alphas.push_back(a);
    }
    if (colours.empty()) return;
    png_set_PLTE(png, info, colours.data(), static_cast<int>(colours.size()));
    png_set_tRNS(png, info, alphas.data(), static_cast<int>(alphas.size()), nullptr);
}

}  // namespace

Bytes write_png(cv::Mat const& pixels, PngStyle const& style) {
    Bytes bytes;
    auto* png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    auto* info = png_create_info_struct(png);
    png_set_write_fn(png, &bytes, append, nullptr);
    png_set_IHDR(png, info, static_cast<png_uint_32>(pixels.cols), static_cast<png_uint_32>(pixels.rows), style.bit_depth,
                 colour_type(pixels, style), style.is_interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    set_palette(png, info, style);
    auto exif = exif_block(style.exif_orientation);
    if (style.exif_orientation != 0) {
        png_set_eXIf_1(png, info, static_cast<png_uint_32>(exif.size()), reinterpret_cast<png_bytep>(exif.data()));
    }
    png_write_info(png, info);
    if (style.bit_depth < 8) png_set_packing(png);
    if (style.bit_depth == 16) png_set_swap(png);
    if (pixels.channels() >= 3) png_set_bgr(png);
    std::vector<png_bytep> rows;
    for (int y = 0; y < pixels.rows; ++y)
        rows.push_back(const_cast<png_bytep>(pixels.ptr(y)));
    png_write_image(png, rows.data());
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return bytes;
}

}  // namespace bioctl::image::test
