#pragma once
// The right to be forgotten: takes a person out of all that lies below the data folder, looks whether it is so, and says what is
// left elsewhere.

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/audit.hpp"
#include "lib/app/workspace.hpp"
#include "lib/store/erasure.hpp"

namespace bioctl::app {

struct ForgetPlace {
    /// Opens the store for writing. No other Store of this process may have the file open: it is read past SQLite, and to close
    /// a file drops the locks that the process holds on it.
    std::function<store::Store()> open;
    fs::path data_dir;  ///< with bioctl.db, media/, index/, cache/
};

struct Forgotten {
    std::string subject;  ///< digest of the id, as the audit log has it: subject_of_person()
    Timestamp at{};
    store::HeldData held{};      ///< what was there, and is gone
    std::size_t portraits = 0;   ///< files; one that another person's template uses too stays theirs
    std::size_t derived = 0;     ///< files of index/ and cache/ that were deleted; they are made again
    bool is_rewritten = false;   ///< the store's file was written anew, because a copy was left in it
    bool is_log_cleared = true;  ///< false: another process is reading, nothing was searched; run it again
    /// What else says the name or the id, as "name: bioctl.db": somebody else's row or file, such as the path of a group photo.
    /// Of templates there is never one.
    std::vector<std::string> elsewhere{};
    bool was_forgotten_before = false;  ///< nothing was held any more; what was is told by the audit log
};

/// Deletes in one transaction, with a row of the audit log; then files, index and cache; then writes the log back, searches the
/// files of the data folder for templates, name and id (ids and names of less than 6 bytes are too short to be told from chance)
/// and writes the store anew if one is found. Killed before the commit nothing is changed; killed after it the next call, for
/// whomever, or `store prune` does the rest. Mode::dry_run only counts.
///
/// What cannot be done from here: a delivery that is on its way arrives; a terminal that still has the face goes on reporting its
/// number; backups, logs and receivers keep what they have.
///
/// Throws Error{no_input} if nothing is held of this id and the audit log does not know that it was forgotten.
Forgotten forget_person(ForgetPlace const& place, Clock const& clock, Actor const& actor, std::string_view id, Mode mode);

/// Finishes what forget_person() left when it was killed or somebody was reading; false if there was nothing. Error{busy} if
/// somebody reads still.
bool finish_forgetting(ForgetPlace const& place);

/// Something to look for in files.
struct Needle {
    std::string what;   ///< "name"
    std::string bytes;  ///< at least 4
};
/// "what: file" for every needle and every file below data_dir that has it, the file relative to data_dir. Not looked into are
/// media/ and models/. Each byte is read once, however many needles there are.
[[nodiscard]] std::vector<std::string> search_files(fs::path const& data_dir, std::span<Needle const> needles);

}  // namespace bioctl::app
