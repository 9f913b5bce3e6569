#pragma once
// What passes between bioctl and its module bioctl-image-rare.so: plain C, so that neither side needs the other's libraries.

#include <cstddef>
#include <cstdint>

namespace bioctl::image {

constexpr std::int32_t k_rare_version = 1;  ///< raised with any change below
constexpr char const* k_rare_file = "bioctl-image-rare.so";
constexpr char const* k_rare_entry = "bioctl_image_rare";

struct RareFile {
    unsigned char const* data;
    std::size_t size;
};

struct RareHeader {
    std::int32_t width;
    std::int32_t height;
    std::int32_t orientation;     ///< 1..8; 1 where decode() turns the picture itself
    std::uint64_t stored_pixels;  ///< that decoding touches: more than width * height when the picture is a crop
};

/// Room for one line about a failure, ended by NUL.
struct RareFailure {
    char text[256];
};

/// The functions return 1, or 0 with `failure` filled. Thread-safe. They throw nothing.
struct RareCodec {
    int (*read_header)(RareFile file, RareHeader* header, RareFailure* failure);
    /// Rows of 8-bit BGR, alpha blended on white, `step` bytes apart, for a picture of exactly header's size.
    int (*decode)(RareFile file, RareHeader const* header, unsigned char* bgr, std::size_t step, RareFailure* failure);
};

struct RareModule {
    std::int32_t version;
    RareCodec tiff;
    RareCodec heif;  ///< HEIC and AVIF
};

/// The type of the module's one symbol, k_rare_entry.
using RareEntry = RareModule const* (*)();

}  // namespace bioctl::image
