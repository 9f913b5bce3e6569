#pragma once
// Lengths of time for people.

#include <chrono>
#include <string>

namespace bioctl {

/// "2 d 3 h", "4 h 5 min", "6 min", "7 s": the two largest units, rounded down.
[[nodiscard]] std::string human_duration(std::chrono::milliseconds time);

}  // namespace bioctl
