#pragma once
// What each format offers to read_header() and decode(): its header, and its pixels as stored. Not for other folders.

#include <string_view>

#include <opencv2/core/mat.hpp>

#include "lib/image/photo.hpp"

namespace bioctl::image {

/// One line of a Failure::Reason::unreadable.
[[nodiscard]] tl::unexpected<Failure> unreadable(std::string detail);
/// "truncated PNG; copy it again"
[[nodiscard]] tl::unexpected<Failure> truncated(Format format);
/// "damaged PNG (bad CRC); copy it again". The cause comes from a library and may quote the file.
[[nodiscard]] tl::unexpected<Failure> damaged(Format format, std::string_view cause);

/// The format that the first bytes claim. Failure: unreadable, with what the file is instead, as far as that can be seen.
Outcome<Format> sniff(ByteView file);

/// Headers: format, sizes above zero and orientation, read without decoding and without judging the size. Failure: unreadable.
Outcome<Header> read_jpeg_header(ByteView file);
Outcome<Header> read_png_header(ByteView file);
Outcome<Header> read_webp_header(ByteView file);
Outcome<Header> read_bmp_header(ByteView file);
Outcome<Header> read_rare_header(ByteView file, Format format);

/// Pixels: CV_8UC3, BGR, alpha blended on white, not turned. `header` is that of the file and was judged. `reduction` 1, 2, 4 or
/// 8 divides the size, rounded up. Failure: unreadable.
Outcome<cv::Mat> decode_jpeg(ByteView file, Header const& header, int reduction);
Outcome<cv::Mat> decode_png(ByteView file, Header const& header);
Outcome<cv::Mat> decode_webp(ByteView file, Header const& header, int reduction);
Outcome<cv::Mat> decode_bmp(ByteView file, Header const& header);
Outcome<cv::Mat> decode_rare(ByteView file, Header const& header);

/// size / reduction, rounded up: what libjpeg's scaled decode gives.
[[nodiscard]] inline int reduced(int size, int reduction) {
    return (size + reduction - 1) / reduction;
}

}  // namespace bioctl::image
