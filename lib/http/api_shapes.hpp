#pragma once
// JSON of what more than one part of /api/v2 shows. Private to http/.

#include "lib/http/api.hpp"

namespace bioctl::http {

[[nodiscard]] Json delivery_json(store::Delivery const& delivery);

/// Scheme and host: the rest of a webhook's address is often what nobody else may know.
[[nodiscard]] std::string public_address(std::string_view url);

}  // namespace bioctl::http
