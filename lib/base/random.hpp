#pragma once
// Random values from the operating system's generator. Thread-safe.

#include <cstdint>
#include <string>

namespace bioctl {

/// A version 4 UUID in lower case: "3f2b1c9e-...", 36 characters.
[[nodiscard]] std::string random_uuid();

[[nodiscard]] std::uint64_t random_number();

/// In [0, 1).
[[nodiscard]] double random_fraction();

}  // namespace bioctl
