#pragma once
// What a client should have found: NDJSON, one line for each event or person of a terminal.

#include <string>

#include "tests/support/hik_sim/terminal.hpp"

namespace bioctl::hik_sim {

/// In the order of time. Digests of pictures are computed here, at some 10 ms for a thousand.
[[nodiscard]] std::string truth_of_events(Terminal const& terminal);
[[nodiscard]] std::string truth_of_people(Terminal& terminal);

}  // namespace bioctl::hik_sim
