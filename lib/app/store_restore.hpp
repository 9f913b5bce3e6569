#pragma once
// A backup becomes the data folder: made beside it, then put in its place by one rename. Killed at any moment, the folder is what
// it was or what it shall be.

#include <cstdint>
#include <filesystem>
#include <functional>

#include "lib/app/audit.hpp"
#include "lib/app/store_backup.hpp"

namespace bioctl::app {

enum class Replace { no, yes };

struct RestorePlan {
    fs::path backup;
    fs::path into;      ///< the data folder
    Replace replace{};  ///< yes: also where the folder is not empty
    Actor actor;        ///< of the row in the audit log
    std::function<bool(std::string_view what, std::uint64_t done, std::uint64_t total)> go_on;
};

struct RestoreReport {
    BackupHead head{};
    std::uint64_t files = 0, bytes = 0;
    int schema_version = 0;  ///< after opening it: this program's
    fs::path previous;       ///< where the folder that was there is now; empty if there was none
};

/// Checks every byte of the backup first. Throws Error: data if the backup is not what was written, or of a newer schema; busy
/// while another process has the store of the folder open, or runs a service on it; cannot_create if the folder is not empty
/// (without Replace::yes) or cannot be renamed; permission, io. The folder is then as it was.
RestoreReport restore_store(Clock const& clock, RestorePlan const& plan);

}  // namespace bioctl::app
