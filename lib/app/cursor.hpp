#pragma once
// Where a page of a list ended: a text that clients hand back and do not look into. It names a row's place in the order, not a
// number of rows to skip, so rows that come or go meanwhile neither double nor hide another.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/clock.hpp"
#include "lib/base/result.hpp"

namespace bioctl::app {

// `list` names what is listed, so that the cursor of one list is refused by another. The functions that read one return
// Kind::usage for anything that none of them made.

[[nodiscard]] std::string cursor_of_text(std::string_view list, std::string_view text);
[[nodiscard]] Result<std::string> text_of_cursor(std::string_view list, std::string_view cursor);

[[nodiscard]] std::string cursor_of_id(std::string_view list, std::int64_t id);
[[nodiscard]] Result<std::int64_t> id_of_cursor(std::string_view list, std::string_view cursor);

[[nodiscard]] std::string cursor_of_time(std::string_view list, Timestamp time, std::int64_t id);
[[nodiscard]] Result<std::pair<Timestamp, std::int64_t>> time_of_cursor(std::string_view list, std::string_view cursor);

}  // namespace bioctl::app
