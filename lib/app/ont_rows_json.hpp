#pragma once
// Private to ont_rows.cpp.

#include "lib/app/ont_rows.hpp"

namespace bioctl::app {

[[nodiscard]] std::vector<OntRow> json_ont_rows(std::string_view text, OntColumnMap& map);

}  // namespace bioctl::app
