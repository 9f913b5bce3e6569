#pragma once
// Pictures of events whose rows went before their files: what a killed deletion leaves.

#include <filesystem>

#include "lib/store/store.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

/// Deletes the files below media_dir/events that are no event's picture, and temporary files of writes that were killed more than
/// an hour ago. A picture that another process is just storing stays. Bounded transactions. Returns the number deleted; throws
/// Error naming a file that cannot be.
std::size_t sweep_pictures(store::Store& store, fs::path const& media_dir);

/// What is noted as Unfinished::files is done; bytes stay noted. True if there was something to do.
bool finish_files(store::Store& store, fs::path const& media_dir);

}  // namespace bioctl::app
