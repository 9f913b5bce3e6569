#pragma once
// The rows below `accounts`.

#include "cmd/verb.hpp"

namespace bioctl::cmd {

Verb accounts_keys_verb();  // accounts_keys.cpp

}  // namespace bioctl::cmd
