#pragma once
// The parameters of a URL that stands in our settings.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/result.hpp"

namespace bioctl::net {

using Query = std::vector<std::pair<std::string, std::string>>;

/// "%41" becomes "A"; a plus stays one. Kind::usage for a broken escape, and for %00.
[[nodiscard]] Result<std::string> percent_decoded(std::string_view text);

/// What stands behind the first '?', up to a '#', in order; empty without one. A name without '=' has the value "". Kind::usage
/// as percent_decoded.
[[nodiscard]] Result<Query> query_of(std::string_view url);

/// Up to the first '?' or '#'.
[[nodiscard]] std::string_view without_query(std::string_view url);

}  // namespace bioctl::net
