#pragma once
// For what needs the data folder for itself: restore, seal.

#include <filesystem>
#include <vector>

#include "lib/base/file.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

/// Services hold a lock of their own even while they do not have the store open: takes all of them. Throws Error busy, naming the
/// process.
[[nodiscard]] std::vector<FileLock> lock_services(fs::path const& folder);

}  // namespace bioctl::app
