#include <memory>
#include <stdexcept>

#include <libheif/heif.h>
#include <tiffio.h>
#include <opencv2/imgproc.hpp>

#include "lib/base/file.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/image/writers.hpp"

namespace bioctl::image::test {

namespace {

constexpr std::uint64_t k_plenty = 10'000'000;

cv::Mat to_rgb(cv::Mat const& pixels) {
    cv::Mat result;
    if (pixels.channels() == 1) return pixels.clone();
    if (pixels.channels() == 3) cv::cvtColor(pixels, result, cv::COLOR_BGR2RGB);
    if (pixels.channels() == 4) cv::cvtColor(pixels, result, cv::COLOR_BGRA2RGBA);
    return result;
}

void describe(TIFF* tiff, cv::Mat const& pixels, TiffStyle const& style) {
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, pixels.cols);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, pixels.rows);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, pixels.channels());
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, pixels.depth() == CV_16U ? 16 : 8);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, pixels.channels() == 1 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, style.compression);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, style.orientation);
    if (pixels.channels() == 4) {
        std::uint16_t const alpha = EXTRASAMPLE_UNASSALPHA;
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &alpha);
    }
}

constexpr int k_tile = 16;

void write_tiles(TIFF* tiff, cv::Mat const& pixels) {
    cv::Mat padded;
    int const right = (k_tile - pixels.cols % k_tile) % k_tile;
    int const bottom = (k_tile - pixels.rows % k_tile) % k_tile;
    cv::copyMakeBorder(pixels, padded, 0, bottom, 0, right, cv::BORDER_REPLICATE);
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, k_tile);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, k_tile);
    for (int y = 0; y < pixels.rows; y += k_tile) {
        for (int x = 0; x < pixels.cols; x += k_tile) {
            cv::Mat tile = padded(cv::Rect{x, y, k_tile, k_tile}).clone();
            TIFFWriteTile(tiff, tile.data, static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), 0, 0);
        }
    }
}

void write_strips(TIFF* tiff, cv::Mat& pixels) {
    constexpr int k_rows_per_strip = 8;
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, k_rows_per_strip);
    for (int y = 0; y < pixels.rows; ++y)
        TIFFWriteScanline(tiff, pixels.ptr(y), static_cast<std::uint32_t>(y), 0);
}

}  // namespace

Bytes write_tiff(cv::Mat const& pixels, TiffStyle const& style) {
    bioctl::test::TempDir const dir;
    auto const path = dir / "picture.tif";
    auto rgb = to_rgb(pixels);
    auto* const tiff = TIFFOpen(path.c_str(), "w");
    describe(tiff, rgb, style);
    if (style.is_tiled) {
        write_tiles(tiff, rgb);
    } else {
        write_strips(tiff, rgb);
    }
    TIFFClose(tiff);
    return read_file(path, k_plenty).or_throw();
}

namespace {

void must(heif_error const& error) {
    if (error.code != heif_error_Ok) throw std::runtime_error(error.message);
}

heif_image* to_heif_image(cv::Mat const& pixels) {
    auto const rgb = to_rgb(pixels);
    auto const chroma = rgb.channels() == 4 ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB;
    heif_image* image = nullptr;
    must(heif_image_create(rgb.cols, rgb.rows, heif_colorspace_RGB, chroma, &image));
    must(heif_image_add_plane(image, heif_channel_interleaved, rgb.cols, rgb.rows, 8));
    int stride = 0;
    auto* const plane = heif_image_get_plane(image, heif_channel_interleaved, &stride);
    for (int y = 0; y < rgb.rows; ++y) {
        std::copy_n(rgb.ptr(y), static_cast<std::size_t>(rgb.cols * rgb.channels()),
                    plane + static_cast<std::ptrdiff_t>(y) * stride);
    }
    return image;
}

}  // namespace

Bytes write_heif(cv::Mat const& pixels, HeifKind kind) {
    bioctl::test::TempDir const dir;
    auto const path = dir / "picture.heif";
    auto* const context = heif_context_alloc();
    heif_encoder* encoder = nullptr;
    must(heif_context_get_encoder_for_format(context, kind == HeifKind::avif ? heif_compression_AV1 : heif_compression_HEVC,
                                             &encoder));
    constexpr int k_quality = 90;
    must(heif_encoder_set_lossy_quality(encoder, k_quality));
    must(heif_encoder_set_parameter_string(encoder, "chroma", "444"));
    auto* const image = to_heif_image(pixels);
    heif_image_handle* handle = nullptr;
    must(heif_context_encode_image(context, image, encoder, nullptr, &handle));
    must(heif_context_write_to_file(context, path.c_str()));
    heif_image_handle_release(handle);
    heif_image_release(image);
    heif_encoder_release(encoder);
    heif_context_free(context);
    return read_file(path, k_plenty).or_throw();
}

}  // namespace bioctl::image::test
