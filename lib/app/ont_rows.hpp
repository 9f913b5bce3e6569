#pragma once
// The rows of a file of ONTs, before they are judged.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/ont_fields.hpp"

namespace bioctl::app {

inline constexpr std::size_t k_max_ont_rows = 200'000;
inline constexpr std::size_t k_max_ont_file_bytes = 64 * 1024 * 1024;

struct OntRow {
    std::size_t number = 0;                                        ///< among the rows of the file, from 1
    std::size_t line = 0;                                          ///< of a CSV file, from 1; 0: the file is JSON
    std::array<std::optional<std::string>, k_ont_fields> texts{};  ///< none: the file does not say
    std::string extra{};                                           ///< as store::OntConfig::extra
    std::string fault{};                                           ///< what is wrong with the row as such; "" = nothing

    [[nodiscard]] std::string text(OntField field) const { return texts[static_cast<std::size_t>(field)].value_or(""); }
    /// "line 7" or "row 3"
    [[nodiscard]] std::string place() const;
};

/// A JSON array of objects (wifi_sleman.json, onts.json, csvjson.json and our own), or CSV as CsvReader reads it, told apart by
/// the first character. Of a file like csvjson.json the id of a row is its number. Throws Error{data} for a file that is neither,
/// has too many rows, is nested too deep, or (CSV) has no column with names; {usage} for a column that `map` names and the file
/// has not. `is_name_needed` false: a customer id will do.
[[nodiscard]] std::vector<OntRow> read_ont_rows(std::string_view text, OntColumnMap map, bool is_name_needed = true);

}  // namespace bioctl::app
