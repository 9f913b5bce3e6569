#pragma once
// Everything that the server answers.

#include "lib/http/route.hpp"

namespace bioctl::http {

/// Families that are switched off, or mounted elsewhere, have been told to `routes` before.
void add_all_routes(Routes& routes);

/// Kind::usage naming all of them.
[[nodiscard]] Result<Family> family_from(std::string_view name);

}  // namespace bioctl::http
