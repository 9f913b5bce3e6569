#pragma once
// Which texts may be a person's id. Ids become file names in media/ and lines in other people's CSV files, so the rules are
// strict.

#include <string_view>

#include "lib/base/result.hpp"

namespace bioctl::app {

/// 1..128 bytes of valid UTF-8 (letters of any script and emoji are fine); no '/', '\\', control characters, NUL; not "." or
/// ".."; no space at either end; does not begin with '-'. Kind::usage says what is wrong with it.
Result<void> check_person_id(std::string_view id);

}  // namespace bioctl::app
