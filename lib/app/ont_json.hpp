#pragma once
// JSON values as the text of cells and as the old program wrote them. Private to the .cpp files of app/.

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace bioctl::app {

/// Texts as they are, numbers without an exponent, true and false, "" for null, an array of texts with commas between them;
/// nothing for what is no cell.
[[nodiscard]] std::optional<std::string> ont_text_of(nlohmann::ordered_json const& value);

/// As Python's json.dump(indent=2, ensure_ascii=False) writes it. The library's own dump() does not always find the shortest
/// digits of a number: -7.72641 came out as -7.7264099999999996.
[[nodiscard]] std::string dump_as_python(nlohmann::ordered_json const& value);

}  // namespace bioctl::app
