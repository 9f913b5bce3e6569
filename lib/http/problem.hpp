#pragma once
// Refusals in our own words: RFC 9457, application/problem+json.

#include "lib/http/route.hpp"

namespace bioctl::http {

/// {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "...", "code": "not_found"}
[[nodiscard]] Reply problem(Trouble const& trouble);
/// "not_found": a word for programs, which does not change.
[[nodiscard]] std::string_view code_of(Refusal refusal);

}  // namespace bioctl::http
