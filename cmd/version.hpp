#pragma once
// Which bioctl this is, and what it was built with.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bioctl::cmd {

/// "0.1.0"
[[nodiscard]] std::string_view version();

/// Name and version, sorted by name.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> library_versions();

}  // namespace bioctl::cmd
