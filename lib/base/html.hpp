#pragma once
// Text of others inside HTML.

#include <string>
#include <string_view>

namespace bioctl {

/// `text` as content of an element or of a quoted attribute: & < > " ' become references, as Python's MarkupSafe writes them.
[[nodiscard]] std::string html_escaped(std::string_view text);

}  // namespace bioctl
