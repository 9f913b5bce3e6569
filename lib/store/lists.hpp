#pragma once
// Lists of words in one column, a line for each. Private to store/. The words hold no line feed: whoever stores them has checked.

#include <string>
#include <string_view>
#include <vector>

namespace bioctl::store {

[[nodiscard]] std::string to_lines(std::vector<std::string> const& words);
[[nodiscard]] std::vector<std::string> from_lines(std::string_view lines);

}  // namespace bioctl::store
