#pragma once
// How large the store is, and what is in it.

#include <cstdint>
#include <filesystem>

#include "lib/store/store.hpp"
#include "lib/store/upkeep.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

/// A folder with all below it; symbolic links are not followed.
struct FolderSize {
    std::int64_t files = 0;
    std::uint64_t bytes = 0;  ///< lengths of the files, not the blocks they take
};

struct StoreStats {
    std::uint64_t database_bytes = 0;  ///< without the log
    std::uint64_t log_bytes = 0;       ///< 0: there is none
    int schema_version = 0;
    bool is_sealed = false;
    FolderSize portraits, palms, pictures, models;
    store::Statistics rows;  ///< of one moment
};

/// Reads every index that counts need and looks at every file's size; no file is opened. What cannot be read counts as absent.
[[nodiscard]] StoreStats store_stats(store::Store& store, fs::path const& data_dir);

}  // namespace bioctl::app
