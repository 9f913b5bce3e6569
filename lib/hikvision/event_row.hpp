#pragma once
// A row of a terminal's event log from its tree. Private to lib/hikvision.

#include <chrono>
#include <optional>

#include "lib/hikvision/documents.hpp"
#include "lib/hikvision/tree.hpp"

namespace bioctl::hikvision {

/// None without serial, time, major or minor. `offset` is for times that carry none.
[[nodiscard]] std::optional<EventRow> row_from(Json const& row, std::chrono::minutes offset);

}  // namespace bioctl::hikvision
