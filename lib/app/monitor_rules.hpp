#pragma once
// The monitor's rules as people write them: "3/4" is three of four.

#include <map>
#include <string>
#include <string_view>

#include "lib/ont/outage_rules.hpp"

namespace bioctl::app {

/// Down when N of the last M samples are lost, up when K of the last L are answered. Throws Error{usage} unless
/// 1 <= N <= M <= 32, and the same of K and L.
[[nodiscard]] ont::OutageRules outage_rules_from(std::string_view down, std::string_view up);

/// "core=2/3:2/2,home=4/5:2/3": down and up by group. Throws Error{usage}.
[[nodiscard]] std::map<std::string, ont::OutageRules> group_rules_from(std::string_view text);

}  // namespace bioctl::app
