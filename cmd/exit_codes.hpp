#pragma once
// What a failure is to the shell (sysexits(3)) and to a reader of --json.

#include <string_view>

#include "lib/base/error.hpp"

namespace bioctl::cmd {

[[nodiscard]] int exit_code(Kind kind);
/// "no_input", as in {"type":"error","kind":"no_input",...}. Never renamed.
[[nodiscard]] std::string_view name_of(Kind kind);

}  // namespace bioctl::cmd
