#pragma once
// Names in letters that OpenCV's line fonts have.

#include <string>
#include <string_view>

namespace bioctl::image {

/// Printable ASCII: Latin letters lose their diacritics, combining marks vanish, every other character becomes '?'.
[[nodiscard]] std::string transliterate(std::string_view text);

}  // namespace bioctl::image
