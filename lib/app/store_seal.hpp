#pragma once
// The data folder, sealed and opened again as a whole; see lib/base/vault.hpp for what that means.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "lib/app/audit.hpp"
#include "lib/base/clock.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

/// What `store encrypt`, `decrypt` and `import` leave in the data folder when they are killed.
inline constexpr char const* k_seal_draft = ".bioctl-seal.db";
inline constexpr char const* k_old_store = ".bioctl.db.old";
inline constexpr char const* k_old_log = ".bioctl.db-wal.old";
inline constexpr char const* k_import_draft = ".bioctl-import.db";
[[nodiscard]] std::vector<std::string> half_made_files();

struct SealPlan {
    fs::path data_dir;
    fs::path key_file;  ///< to seal: made if it is not there
    Actor actor;        ///< of the row in the audit log
    std::function<bool(std::uint64_t files)> go_on;
};

struct SealReport {
    bool was_store_changed = false;      ///< false: an earlier run had done that
    std::uint64_t backups_in_clear = 0;  ///< below the data folder; they are left as they are
    std::uint64_t files = 0;             ///< portraits, pictures and others beside the store that were changed
};

/// Seals the store and what lies below media/, backups/ and cache/, and wipes what was in clear. Killed at any moment, everything
/// can be read, and another call goes on. Throws Error: busy while another process has the store open, or go_on() says no;
/// cannot_create, permission, config as Vault::create(); io on a full disk.
SealReport seal_store(Clock const& clock, SealPlan const& plan);

/// The way back. The key must be there. Throws Error as seal_store().
SealReport unseal_store(Clock const& clock, SealPlan const& plan);

}  // namespace bioctl::app
