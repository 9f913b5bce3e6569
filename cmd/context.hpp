#pragma once
// What every verb gets: settings, stdout, stderr, the clock, and ways to open the store and the models.

#include <atomic>
#include <filesystem>

#include "cmd/ui/output.hpp"
#include "cmd/ui/terminal.hpp"
#include "lib/base/clock.hpp"
#include "lib/config/settings.hpp"
#include "lib/face/models.hpp"
#include "lib/store/store.hpp"

namespace bioctl::cmd {

namespace fs = std::filesystem;

inline constexpr int k_exit_yes = 0;
inline constexpr int k_exit_no = 1;
inline constexpr int k_exit_partial = 3;

struct Context {
    config::Settings const& settings;
    config::Layers const& layers;  ///< what the settings were made of: which files, which environment
    ui::Output& out;
    ui::Talk& talk;
    Clock const& clock;

    [[nodiscard]] fs::path data_dir() const;    ///< settings.data_dir
    [[nodiscard]] fs::path media_dir() const;   ///< <data-dir>/media
    [[nodiscard]] fs::path store_file() const;  ///< <data-dir>/bioctl.db
    [[nodiscard]] bool has_store() const;       ///< Error{config} if the data folder is something else than a folder

    /// Opens <data-dir>/bioctl.db; read_write creates folder (0700) and file. read_only throws Error{no_input} with the next step
    /// ("nobody is enrolled yet: ... ; run `bioctl enroll`") when there is none.
    [[nodiscard]] store::Store open_store(store::Access access) const;
    /// For a verb with --dry-run: to read then, and an empty one that leaves no trace where there is none.
    [[nodiscard]] store::Store open_store_to_change(bool is_rehearsal) const;
    /// Built-in models (found under share/bioctl/models, or the build tree) and those imported into <data-dir>/models.
    [[nodiscard]] face::ModelRegistry models() const;
};

/// Set by SIGINT and SIGTERM (the signal's number, else 0); long verbs look at it between two units of work, stop cleanly
/// and return 128 + signal.
extern std::atomic<int> stop_signal;

}  // namespace bioctl::cmd
