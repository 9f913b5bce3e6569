#pragma once
// Small pictures inside of pages.

#include <filesystem>
#include <string>

#include "lib/base/bytes.hpp"
#include "lib/image/photo.hpp"

namespace bioctl::app {

/// "data:image/jpeg;base64,..." of the photo, upright, its longer side `side` pixels or less; "" if it cannot be read.
[[nodiscard]] std::string thumbnail(std::filesystem::path const& photo, int side, image::Limits const& limits);
/// The same of the bytes of a file.
[[nodiscard]] std::string thumbnail_of(ByteView file, int side, image::Limits const& limits);

}  // namespace bioctl::app
