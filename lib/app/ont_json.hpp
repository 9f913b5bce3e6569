#pragma once
// What a JSON value says as the text of a cell. Private to the .cpp files of app/.

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace bioctl::app {

/// Texts as they are, numbers without an exponent, true and false, "" for null, an array of texts with commas between them;
/// nothing for what is no cell.
[[nodiscard]] std::optional<std::string> ont_text_of(nlohmann::ordered_json const& value);

}  // namespace bioctl::app
