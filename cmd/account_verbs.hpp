#pragma once
// The rows below `accounts`, and who works at this machine.

#include "cmd/verb.hpp"
#include "lib/app/audit.hpp"

namespace bioctl::cmd {

Verb accounts_keys_verb();  // accounts_keys.cpp

/// Whoever runs this program: "local:root", from "cli uid 0".
[[nodiscard]] app::Actor local_actor();

}  // namespace bioctl::cmd
