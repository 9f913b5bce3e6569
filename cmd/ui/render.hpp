#pragma once
// Values as text, for the table and the tab-separated rendering.

#include <string>
#include <string_view>

#include "cmd/ui/value.hpp"

namespace bioctl::ui {

/// "-" for null, true and false, numbers in the shortest form that reads back to the same, text as printable() makes it.
[[nodiscard]] std::string to_text(Value const& value);

/// Columns a terminal needs for valid UTF-8: 2 for East Asian wide characters and emoji, 0 for combining marks.
[[nodiscard]] std::size_t display_width(std::string_view text);

}  // namespace bioctl::ui
