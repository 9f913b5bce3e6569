#pragma once
// Backups of the data folder, made while everything runs: DIR/bioctl-20261122T051500Z/ with the store as it was at one moment,
// the portraits and pictures that it names, the imported models, the key of its secrets, and a manifest. A folder of that name is
// whole: it is made under another name (.bioctl-...partial) and gets its own when all of it is on the disk.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/app/store_manifest.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

struct BackupPlan {
    fs::path data_dir;
    fs::path to;                 ///< the folder of backups; made if it is not there
    std::string bioctl_version;  ///< for the manifest
    std::optional<int> keep;     ///< so many of the newest stay, at least 1; none: all
    std::function<bool(std::string_view what, std::uint64_t done, std::uint64_t total)> go_on;  ///< total 0: unknown
};

struct BackupReport {
    fs::path folder;
    Timestamp moment{};
    Sha256 manifest{};
    std::uint64_t files = 0, bytes = 0;
    std::uint64_t linked = 0;         ///< files that the backup before has, too: hard links, no bytes
    std::uint64_t absent = 0;         ///< files that rows named and that were not there (any more)
    std::vector<std::string> pruned;  ///< names of older backups that were deleted
};

/// Throws Error: busy if another backup goes to the same folder or go_on() returns false, data if the store is damaged, io on a
/// full disk, cannot_create, permission. Nothing is left then.
/// Memory: some 200 bytes for each file of the backup before.
BackupReport back_up_store(store::Store& store, Clock const& clock, BackupPlan const& plan);

/// The whole backups in this folder, oldest first.
[[nodiscard]] std::vector<fs::path> backups_in(fs::path const& folder);

struct BackupFinding {
    std::string kind;  ///< missing, unreadable, changed, extra
    std::string path;  ///< below the backup
};

struct BackupCheck {
    BackupHead head{};
    Sha256 manifest{};
    std::uint64_t files = 0, bytes = 0;
    std::uint64_t findings = 0;
};

/// Reads every byte of a backup. Throws Error as read_manifest().
BackupCheck verify_backup(fs::path const& backup, std::function<void(BackupFinding const&)> const& on_finding);

}  // namespace bioctl::app
