#pragma once
// The rows below `store`.

#include "cmd/verb.hpp"

namespace bioctl::cmd {

Verb store_retention_verb();  // store_retention.cpp
Verb store_prune_verb();      // store_retention.cpp

}  // namespace bioctl::cmd
