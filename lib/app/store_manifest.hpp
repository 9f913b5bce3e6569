#pragma once
// The list of contents of a backup: manifest.json, written and read a file at a time, so that memory does not grow with it.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "lib/base/clock.hpp"
#include "lib/base/file_copy.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

inline constexpr std::string_view k_manifest = "manifest.json";
/// The digest of the manifest, as sha256sum(1) writes it.
inline constexpr std::string_view k_manifest_digest = "manifest.sha256";

struct BackupHead {
    std::string bioctl;      ///< version of the program that made it
    int schema_version = 0;  ///< of the store in it
    Timestamp moment{};      ///< what was committed until then is in it
    std::string source;      ///< the data folder it was made of, printable
};

struct BackupFile {
    std::string path;  ///< below the backup, with slashes
    FileStamp stamp{};
};

/// {"type":"backup","format":1,<head>,"files":[<a file a line>],"absent":[<paths>]}
class ManifestWriter {
public:
    /// Throws Error{cannot_create} and {io}, here and below.
    ManifestWriter(fs::path const& folder, BackupHead const& head);
    void add(BackupFile const& file);
    /// A file that rows named and that was not there; the rows in the backup name it no more.
    void add_absent(std::string_view path);
    /// Ends it, and writes its digest beside it. Neither is on the disk before sync_below().
    Sha256 finish();

private:
    void write(std::string_view text);
    fs::path m_folder;
    std::ofstream m_out;
    std::string m_absent;
    bool m_has_files = false;
};

/// Calls `take` for every file, in the order of the manifest. Throws Error: no_input if there is none, data if it is no manifest,
/// is of a later format, or names a file outside of the backup; data, too, if its digest is not what is noted beside it.
BackupHead read_manifest(fs::path const& folder, std::function<void(BackupFile const&)> const& take);

/// The digest of the manifest itself.
[[nodiscard]] Sha256 manifest_digest(fs::path const& folder);

}  // namespace bioctl::app
