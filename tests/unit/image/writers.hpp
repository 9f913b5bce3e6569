#pragma once
// Files in every layout that the decoders claim to read, written by the formats' own libraries or, for BMP, by hand.

#include <array>
#include <vector>

#include "tests/unit/image/pictures.hpp"

namespace bioctl::image::test {

enum class Ink { ycc, rgb, grey, cmyk, ycck };

struct JpegStyle {
    Ink ink = Ink::ycc;
    bool is_progressive = false;
    bool has_adobe_marker = true;  ///< cmyk only: without it the values are ink, with it 255 - ink
    int restart_interval = 0;
};
/// `pixels`: BGR; grey: CV_8UC1; cmyk and ycck: CV_8UC4, as to be stored. Quality 95, no chroma subsampling.
Bytes write_jpeg(cv::Mat const& pixels, JpegStyle const& style = {});
/// The same file with a segment FF <marker> right behind the start marker.
Bytes with_jpeg_segment(ByteView jpeg, unsigned marker, std::string const& content);

struct PngStyle {
    int bit_depth = 8;  ///< 1, 2, 4: CV_8UC1 holds the unscaled samples; 16: CV_16U
    bool is_interlaced = false;
    std::vector<std::array<std::uint8_t, 4>> palette{};  ///< RGBA; then `pixels` are indices
    int exif_orientation = 0;                            ///< 0: no eXIf
};
/// `pixels`: 1 channel grey, 2 grey and alpha, 3 BGR, 4 BGRA.
Bytes write_png(cv::Mat const& pixels, PngStyle const& style = {});

enum class WebpKind { lossy, lossless };
/// BGR or BGRA.
Bytes write_webp(cv::Mat const& pixels, WebpKind kind);
/// Wraps a simple WebP in the extended container with these flags and a chunk behind the pixels.
Bytes with_webp_chunk(ByteView webp, cv::Size size, unsigned flags, std::string const& name, std::string const& content);

struct BmpStyle {
    int bits = 24;
    unsigned compression = 0;
    unsigned header_size = 40;  ///< 12, 40, 124
    bool is_top_down = false;
    std::vector<std::uint32_t> masks{};                  ///< red, green, blue (and alpha)
    std::vector<std::array<std::uint8_t, 3>> palette{};  ///< BGR
};
/// `rows`: the bytes behind the headers, padded as the format wants.
Bytes write_bmp(cv::Size size, std::string const& rows, BmpStyle const& style = {});
/// 24 bits, bottom-up.
Bytes write_bmp(cv::Mat const& bgr);

struct TiffStyle {
    unsigned compression = 1;  ///< COMPRESSION_NONE
    int orientation = 1;
    bool is_tiled = false;
};
/// CV_8UC1, CV_8UC3, CV_8UC4 (unassociated alpha) or CV_16UC3; BGR order.
Bytes write_tiff(cv::Mat const& pixels, TiffStyle const& style = {});

enum class HeifKind { heic, avif };
/// BGR or BGRA.
Bytes write_heif(cv::Mat const& pixels, HeifKind kind);

}  // namespace bioctl::image::test
