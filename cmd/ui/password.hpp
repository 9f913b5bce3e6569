#pragma once
// A new password from somebody at a terminal.

#include <string>
#include <string_view>

namespace bioctl::ui {

/// Asks twice on stderr, reads from stdin without echo. `whose` is for the question: "siti". Throws Error{usage} with the way out
/// (--password-file) if either is not a terminal, {data} if the two differ or nothing was typed.
[[nodiscard]] std::string ask_new_password(std::string_view whose);

}  // namespace bioctl::ui
