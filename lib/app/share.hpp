#pragma once
// A list of pieces of work, shared by several threads.

#include <cstddef>
#include <functional>
#include <optional>

namespace bioctl::app {

/// The next piece, each handed out once; std::nullopt when none is left, it is time to stop, or another worker has failed.
using NextPiece = std::function<std::optional<std::size_t>()>;

/// Calls `worker` on as many threads as there are pieces, at most `jobs`, and returns when all have ended. Throws what the first
/// of them threw.
void share(std::size_t pieces, int jobs, std::function<bool()> const& should_stop,
           std::function<void(NextPiece const& next)> const& worker);

}  // namespace bioctl::app
