#pragma once
// Ways of this processor to go through the rows of a Gallery.

#include <string_view>
#include <vector>

namespace bioctl::match {

/// All find the same, to the last bit. `every_row` compares each row in floats; the others look at bytes first. `portable` runs
/// everywhere, `avx512` wants VNNI.
enum class SearchPath { every_row, portable, avx2, avx512 };

[[nodiscard]] std::string_view name_of(SearchPath path);
/// What this processor can, slowest first.
[[nodiscard]] std::vector<SearchPath> search_paths();

}  // namespace bioctl::match
