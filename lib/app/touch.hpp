#pragma once
// Notes that are worth a write but not a failure. Private to app/.

#include <functional>

#include "lib/store/store.hpp"

namespace bioctl::app {

/// Runs `work` in a write transaction. Nothing happens if the store is open for reading, stays busy, or the disk is full: then it
/// is only not noted that a session or a key was used.
void touch(store::Store& store, std::function<void()> const& work);

}  // namespace bioctl::app
