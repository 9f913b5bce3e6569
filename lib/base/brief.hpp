#pragma once
// What of a text from outside is shown, where all of it would be too much: too long, or a secret.

#include <cstddef>
#include <string>
#include <string_view>

namespace bioctl {

/// The first `most` bytes as printable() writes them, whole characters; "..." behind what was cut.
[[nodiscard]] std::string brief(std::string_view text, std::size_t most = 64);

/// Each http(s) address in the text as scheme and host only: who knows the path of a webhook may use it.
/// "https://hrd.example/hooks/T0P: timed out" -> "https://hrd.example: timed out"
[[nodiscard]] std::string without_paths(std::string_view text);

}  // namespace bioctl
