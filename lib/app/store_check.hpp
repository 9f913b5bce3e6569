#pragma once
// Is the store whole, and do its rows and the files beside it belong together? What can be mended safely is mended on request:
// nothing is deleted, what belongs to nobody is moved to <data-dir>/lost+found.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "lib/app/audit.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

struct StoreFinding {
    /// damage, broken_reference, audit, missing_portrait, missing_picture, orphan_file, damaged_file, in_clear, mode, leftover
    std::string kind;
    std::string subject;  ///< a path below the data folder, a table, the row of the audit log
    std::string detail;
    std::string remedy;
    bool is_repaired = false;
};

/// see: changes nothing. mend: see StoreFinding::is_repaired.
enum class Repair { see, mend };

struct CheckPlan {
    fs::path data_dir;
    Repair repair{};
    bool is_deep = false;  ///< also opens every portrait and picture
    Actor actor;           ///< of the row in the audit log, if anything was repaired
    std::function<void(StoreFinding const&)> on_finding;
    std::function<bool()> go_on;  ///< asked between two files
};

struct CheckReport {
    std::uint64_t findings = 0, repaired = 0;
    std::uint64_t portraits = 0, pictures = 0, files = 0;  ///< looked at
    bool is_complete = true;                               ///< false: go_on() said no
};

/// Everything, in a fixed order; memory does not grow with the store, only, where it mends, with the files that are missing.
/// Files younger than ten minutes that no row names are left out: whoever stores a picture writes the file first. `store` must be
/// open for writing to mend.
CheckReport check_store_files(store::Store& store, Clock const& clock, CheckPlan const& plan);

}  // namespace bioctl::app
