#pragma once
// The registry as it was before each change, as files that `onts import` reads.

#include "lib/app/onts.hpp"

namespace bioctl::app {

inline constexpr std::size_t k_kept_ont_backups = 30;

/// Writes <backups_dir>/onts-YYYYmmdd-HHMMSS-mmm.json (UTC; mode 0600; the form of `onts export --format json`) if there is an
/// ONT, and removes all but the newest k_kept_ont_backups. Within Store::write(), so no two processes choose the same name; a
/// time that is taken moves on by a millisecond. Returns the file, "" if there was nothing to write. Throws Error as
/// write_file().
fs::path back_up_onts(OntRegistry const& registry);

}  // namespace bioctl::app
