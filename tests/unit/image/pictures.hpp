#pragma once
// Pictures made by the tests, and their comparison.

#include <string>
#include <string_view>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "lib/base/bytes.hpp"
#include "lib/image/photo.hpp"

namespace bioctl::image::test {

/// BGR that changes slowly and differently in each direction and channel, so that lossy formats keep it within a few steps.
cv::Mat gradient(int width, int height);

/// One grey pixel per letter, e.g. {"abc", "def"}.
cv::Mat letters(std::vector<std::string> const& rows);
/// The inverse, for decoded grey pictures (the blue channel is read).
std::vector<std::string> to_letters(cv::Mat const& bgr);

/// CV_8UC3 of one colour.
cv::Mat plain(int width, int height, cv::Vec3b bgr);

/// The greatest difference of any channel; 999 if sizes or types differ.
int greatest_difference(cv::Mat const& a, cv::Mat const& b);

/// The photo, or a test failure that tells why there is none.
Photo decoded(ByteView file, DecodeOptions const& options = {});
/// The detail of the Failure of this reason, or a test failure.
std::string refusal(ByteView file, DecodeOptions const& options = {}, Failure::Reason reason = Failure::Reason::unreadable);

Bytes joined(std::initializer_list<ByteView> parts);
/// Big and little endian numbers as bytes.
std::string be16(unsigned value);
std::string be32(std::uint32_t value);
std::string le16(unsigned value);
std::string le32(std::uint32_t value);

/// A TIFF structure with the orientation as its only entry.
std::string exif_block(int orientation);

}  // namespace bioctl::image::test
