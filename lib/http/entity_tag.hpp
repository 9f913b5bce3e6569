#pragma once
// ETags: a client that has something already does not get it again. Private to http/.

#include <string>
#include <string_view>

#include "lib/http/message.hpp"

namespace bioctl::http {

/// Of a body. Weak: the same text also goes out compressed.
[[nodiscard]] std::string tag_of(std::string_view body);
/// Whether If-None-Match names it.
[[nodiscard]] bool has_already(Request const& request, std::string_view tag);

}  // namespace bioctl::http
