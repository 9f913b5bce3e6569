#pragma once
// The named shapes of /api/v2, for /openapi.json: what handlers write as JSON, said once more. Private to http/.

#include <span>
#include <string_view>

namespace bioctl::http {

struct NamedSchema {
    std::string_view name;
    std::string_view json;
    bool is_listed = false;  ///< there is a list of them: "<name>Page" is one, too
};
[[nodiscard]] std::span<NamedSchema const> named_schemas();

}  // namespace bioctl::http
