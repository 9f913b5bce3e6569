#pragma once
// JSON of what more than one part of /api/v2 shows. Private to http/.

#include "lib/http/api.hpp"

namespace bioctl::http {

[[nodiscard]] Json delivery_json(store::Delivery const& delivery);

}  // namespace bioctl::http
