#pragma once
// One password at a time. Private to app/.

#include <mutex>

namespace bioctl::app {

/// Held while a password is hashed: each takes 64 MB. Error{busy} if it is not this caller's turn within five seconds.
[[nodiscard]] std::unique_lock<std::timed_mutex> password_turn();

}  // namespace bioctl::app
