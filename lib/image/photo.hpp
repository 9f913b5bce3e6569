#pragma once
// From the bytes of a photo to upright BGR pixels. Bytes are hostile: the header is read and judged before anything is decoded.

#include <cstdint>
#include <filesystem>
#include <string>

#include <opencv2/core/mat.hpp>
#include <tl/expected.hpp>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"

namespace bioctl::image {

enum class Format { unknown, jpeg, png, webp, bmp, tiff, heif, avif };

/// "JPEG", "PNG", ... ("unknown format" for unknown)
[[nodiscard]] std::string_view name_of(Format format);

struct Limits {
    std::uint64_t max_bytes = 50'000'000;
    std::uint64_t max_pixels = 100'000'000;
};

/// Why a photo could not be had. `detail` is one line for people, without the file's name.
struct Failure {
    enum class Reason {
        missing,     ///< no such file
        not_a_file,  ///< a directory, a socket
        permission,  ///< may not be read
        io,          ///< reading failed half-way
        too_large,   ///< beyond Limits; found from the header, nothing was decoded
        unreadable,  ///< empty, not an image, truncated, damaged
    };
    Reason reason;
    std::string detail;

    /// The Error for a verb that was asked for this one photo: "<name>: <detail>" with the fitting Kind.
    [[nodiscard]] Error as_error(std::string_view name) const;
};

template <class T>
class [[nodiscard]] Outcome : public tl::expected<T, Failure> {
public:
    using tl::expected<T, Failure>::expected;
};

/// What the first bytes say.
struct Header {
    Format format = Format::unknown;
    int width = 0;  ///< pixels as stored, before the orientation is applied
    int height = 0;
    int orientation = 1;              ///< EXIF 1..8 (1 = upright; 5..8 swap width and height)
    std::uint64_t stored_pixels = 0;  ///< that must be decoded; more than width * height when the picture is a crop (HEIC)
};

/// Reads the header only. Failure: unreadable (unknown format, no size), too_large.
Outcome<Header> read_header(ByteView file, Limits const& limits);

struct DecodeOptions {
    Limits limits{};
    /// 0: full resolution. Else the decoder may halve the scale (1/2, 1/4, 1/8; JPEG, and WebP) as long as the longer side
    /// keeps at least this many pixels.
    int min_longer_side = 0;
};

struct Photo {
    cv::Mat pixels;      ///< CV_8UC3, BGR, upright, alpha blended on white
    cv::Size full_size;  ///< of the upright picture at full resolution
    Format format = Format::unknown;
    int orientation = 1;  ///< that was applied

    /// Multiply a length in `pixels` by this to get it at full resolution; 1, 2, 4 or 8 (about: sizes are rounded up).
    [[nodiscard]] double to_full_scale() const { return static_cast<double>(full_size.width) / pixels.cols; }
};

/// Decodes a whole file held in memory. A truncated or damaged file is a Failure, never a part of a picture.
/// Handles 16-bit, grey, palette, alpha, CMYK and YCCK. Thread-safe.
Outcome<Photo> decode(ByteView file, DecodeOptions const& options);

/// Reads the file with Limits::max_bytes as the cap.
Outcome<Bytes> read(std::filesystem::path const& path, Limits const& limits);

/// JPEG, baseline, 4:2:0, `quality` 1..100. pixels: CV_8UC3 BGR or CV_8UC1.
[[nodiscard]] Bytes encode_jpeg(cv::Mat const& pixels, int quality);

/// PNG, lossless. pixels: CV_8UC3 BGR or CV_8UC1.
[[nodiscard]] Bytes encode_png(cv::Mat const& pixels);

/// The picture turned clockwise by 0, 90, 180 or 270 degrees.
[[nodiscard]] cv::Mat rotate(cv::Mat const& pixels, int degrees);

/// True for names that end like a format we read (case ignored): .jpg .jpeg .jpe .jfif .png .webp .bmp .tif .tiff .heic .heif
/// .avif
[[nodiscard]] bool has_image_extension(std::filesystem::path const& path);

}  // namespace bioctl::image
