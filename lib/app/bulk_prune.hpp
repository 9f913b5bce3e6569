#pragma once
// What is enrolled from a folder but no longer in it. Private to app/.

#include "lib/app/bulk_batch.hpp"

namespace bioctl::app {

/// Removes templates of `origin` whose photo was not seen, and people of whom then nothing is left; their portraits after the
/// commit. Returns what was (dry run: would be) removed, by person and path.
std::vector<RemovedRecord> prune(Workspace const& workspace, store::Modality modality, std::string_view origin, Seen const& seen,
                                 Mode mode);

}  // namespace bioctl::app
