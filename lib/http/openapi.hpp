#pragma once
// The table of routes as OpenAPI 3.1: what the server answers cannot drift from what it says of itself.

#include <string>
#include <string_view>

#include "lib/http/route.hpp"

namespace bioctl::http {

/// The document as JSON. Throws Error{bug} for a schema in the table that is no JSON.
[[nodiscard]] std::string openapi_json(Routes const& routes);
/// The same of a server below a path: "/bioctl".
[[nodiscard]] std::string served_below(std::string_view openapi_json, std::string_view base_path);

/// A page that lists the operations of such a document; no script, nothing from elsewhere.
struct DocsPage {
    std::string html;
    std::string content_security_policy;
};
[[nodiscard]] DocsPage docs_page(std::string_view openapi_json);

/// The name of an operation: "getApiV2PeopleById".
[[nodiscard]] std::string operation_id(std::string_view method, std::string_view path);

}  // namespace bioctl::http
