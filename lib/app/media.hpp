#pragma once
// The content of the files below <data-dir>/media, sealed where the data folder is (lib/base/vault.hpp). Whose files they are,
// and when they go: people_media.hpp, event_prune.hpp.

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "lib/base/bytes.hpp"
#include "lib/base/result.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

/// All or nothing, on the disk when it returns, for its owner only. `path` is relative to media_dir. Throws Error as
/// write_private().
void write_media(fs::path const& media_dir, std::string_view path, ByteView content);

/// Throws Error permission if the folder is sealed and the key is not there.
[[nodiscard]] Result<Bytes> read_media(fs::path const& media_dir, std::string_view path, std::uint64_t max_bytes);

}  // namespace bioctl::app
