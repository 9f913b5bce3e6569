#pragma once
// Files that are offered for download in compressed form.

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "lib/base/result.hpp"

namespace bioctl::net {

/// Unpacks one file from a .bz2, .gz or .xz file, or from a 7-Zip or ZIP archive: there, the first whose name ends with `suffix`.
/// Writes `to` whole or not at all. The checksum of .gz is not looked at (libarchive 3.6 does not): compare a digest. Failure:
/// data (damaged, truncated, not compressed, no such file in it, or more than max_bytes when unpacked), no_input, io,
/// cannot_create.
Result<void> unpack(std::filesystem::path const& from, std::string_view suffix, std::filesystem::path const& to,
                    std::uint64_t max_bytes);

}  // namespace bioctl::net
