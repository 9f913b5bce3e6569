#pragma once
// The rows of a manifest, before they are judged. Private to app/.

#include <string>
#include <string_view>
#include <vector>

namespace bioctl::app {

/// Of rows, good and bad; also what keeps a file of two million blunders from filling the memory.
inline constexpr std::size_t k_max_rows = 2'000'000;

struct ManifestRow {
    std::size_t line = 0;  ///< where it begins, from 1
    std::string id, name, path;
    std::string fault{};  ///< what is wrong with the row as such, for people; "" = nothing
};

/// Throws Error{data} when a manifest with `rows` rows may have no more.
void require_room(std::size_t rows);

/// As CsvReader reads it. Throws Error{data} if the first row does not name the columns id and path.
[[nodiscard]] std::vector<ManifestRow> csv_rows(std::string_view text);

/// One object a line: {"id","name"?,"path"}; the id may be a number. Other fields are left alone.
[[nodiscard]] std::vector<ManifestRow> json_rows(std::string_view text);

}  // namespace bioctl::app
