#pragma once
// A portrait as terminals take it: baseline JPEG, 4:2:0, at most 180 kB, not too small, without metadata.

#include <filesystem>

#include "lib/base/bytes.hpp"
#include "lib/base/result.hpp"

namespace bioctl::app {

/// Error as for any photo that cannot be read, naming the file. `portrait` is relative to media_dir.
[[nodiscard]] Result<Bytes> photo_for_device(std::filesystem::path const& media_dir, std::string_view portrait);

}  // namespace bioctl::app
