#pragma once
// The question before a deletion.

#include <string_view>

namespace bioctl::ui {

/// Asks "bioctl: <question> [y/N]" on stderr and reads one line from stdin; only "y" and "yes" are a yes. Throws Error{usage}
/// with the way out (--yes) if either is not a terminal: scripts never hang on a question.
[[nodiscard]] bool confirm(std::string_view question);

}  // namespace bioctl::ui
