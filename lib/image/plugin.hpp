#pragma once
// Where the module for rare formats lies. JPEG, PNG, WebP and BMP need none.

#include <filesystem>

namespace bioctl::image {

/// The folder of bioctl-image-rare.so, which reads TIFF, HEIC and AVIF. It is opened at the first such photo; until a folder is
/// set, and when the module is not in it, those photos are Failures that say so. Thread-safe.
void set_plugin_dir(std::filesystem::path const& folder);

}  // namespace bioctl::image
