#pragma once
// The man pages as they were when the program was built, for machines without man(1).

#include <string>
#include <string_view>

namespace bioctl::cmd {

/// The scdoc source of a page ("bioctl-help"); "" if there is none.
[[nodiscard]] std::string_view page_source(std::string_view name);

/// scdoc as plain text: no bold, no underlining, body indented below its headings.
[[nodiscard]] std::string plain_text(std::string_view scdoc);

}  // namespace bioctl::cmd
