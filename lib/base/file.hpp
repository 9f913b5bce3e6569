#pragma once
// Files: read with a cap, write all or nothing, lock between processes. All take native paths; names may hold any bytes but NUL.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "lib/base/bytes.hpp"
#include "lib/base/result.hpp"

namespace bioctl {

namespace fs = std::filesystem;

/// The whole file. Kind::no_input if it is not there or is a directory, Kind::permission, Kind::io; Kind::data if it is larger
/// than `max_bytes` (checked before reading, and again while reading for pipes and growing files).
Result<Bytes> read_file(fs::path const& path, std::uint64_t max_bytes);

/// Nothing has this name. A file that cannot be looked at (a stale handle, a loop of links) is not absent.
[[nodiscard]] bool is_absent(fs::path const& path);

/// Standard input, or any descriptor, to its end. Kind::data beyond max_bytes.
Result<Bytes> read_descriptor(int fd, std::string_view name, std::uint64_t max_bytes);

enum class Durability { fast, synced };  ///< synced: file and folder are fsynced, survives a power cut

/// Writes a temporary file in the same folder and renames it: readers see the old or the new content, never a part.
/// Creates missing parent folders. Throws Error (Kind::io on a full disk, Kind::cannot_create, Kind::permission); the target is
/// then unchanged and the temporary file is gone; only a process that is killed leaves one behind (".bioctl-<pid>-<n>.tmp"). One
/// exception: Kind::io from syncing the folder itself, when the target is new but may not survive a power cut.
/// `mode`, less the umask, is the permission of the new file.
void write_file(fs::path const& path, ByteView content, Durability durability = Durability::fast, unsigned mode = 0640);

/// The same for a file that is there: mode and, as far as the process may, owner and group stay what they are.
void rewrite_file(fs::path const& path, ByteView content, Durability durability = Durability::fast);

/// Makes every folder of the path that is missing, for its owner only (0700): faces and keys are nobody else's business. Folders
/// that are there keep their permissions. Throws Error: Kind::permission, Kind::io on a full disk, else Kind::cannot_create.
void make_private_folders(fs::path const& folder);

/// An advisory lock on a file (flock), released by the kernel when the process ends, however it ends.
class FileLock {
public:
    /// std::nullopt when another process, or another FileLock of this one, holds it. Creates missing parent folders.
    /// Throws Error if the file cannot be made.
    static std::optional<FileLock> try_acquire(fs::path const& path);
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;
    ~FileLock();
    /// The process id that the holder wrote into the lock file, 0 if unknown.
    static int holder(fs::path const& path);

private:
    explicit FileLock(int fd) : m_fd(fd) {}
    int m_fd = -1;
};

/// A file mapped read-only. The view lives as long as the object; moving keeps the address.
class MappedFile {
public:
    /// Throws Error as read_file reports it.
    explicit MappedFile(fs::path const& path);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();
    [[nodiscard]] ByteView bytes() const { return {m_data, m_size}; }

private:
    std::byte const* m_data = nullptr;
    std::size_t m_size = 0;
};

}  // namespace bioctl
