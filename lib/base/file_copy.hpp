#pragma once
// Files that are copied as a whole, and whether they are still the same. Memory does not grow with their size.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "lib/base/bytes.hpp"
#include "lib/base/result.hpp"

namespace bioctl {

namespace fs = std::filesystem;

/// What tells one content of a file from another.
struct FileStamp {
    std::uint64_t bytes = 0;
    std::int64_t modified_ns = 0;  ///< since 1970
    Sha256 digest{};
    bool operator==(FileStamp const&) const = default;
};

/// Reads the file. Kind::no_input if there is none of this name or it is no regular file (links are not followed),
/// Kind::permission, Kind::io.
Result<FileStamp> stamp_of(fs::path const& file);

/// Copies `from`, which must be a regular file, to the new name `to`, for its owner only (0600), with its time of change.
/// std::nullopt if there is no `from`; then nothing is made. Throws Error: data if `from` is no regular file, cannot_create if
/// `to` is there or cannot be made, permission, io on a full disk. It is on the disk only after sync_below() or an fsync.
std::optional<FileStamp> copy_file_to(fs::path const& from, fs::path const& to);

/// Brings all files and folders below `folder` to the disk, but for files that have another name, too: those were there before.
/// Throws Error{io} if any of it failed. Beyond a thousand files it syncs the whole file system: that waits for other writers,
/// but costs less than a commit of the journal for each file.
void sync_below(fs::path const& folder);

/// Brings the content of this one file to the disk. Throws Error{io} if the disk fails.
void sync_file(fs::path const& file);

/// Overwrites the file with zeros, brings them to the disk, and deletes it; content if it is not there. One that has another
/// name, too, is only deleted: that content is somebody's. Flash memory and file systems that copy on write keep what was there
/// somewhere else, until they need the room. Throws Error as write_file().
void wipe(fs::path const& file);

/// Puts `draft`, which must be on the disk, in the place of `file` by a rename, with its owner as far as the process may, and
/// wipes what was there. Killed at any moment, `file` is the one or the other, and wiping is finished by the next call. Throws
/// Error as write_file().
void replace_and_wipe(fs::path const& draft, fs::path const& file);

/// Makes the names in this folder ("": the working folder) durable: after a rename. Throws Error{io} if the disk fails.
void sync_folder(fs::path const& folder);

}  // namespace bioctl
