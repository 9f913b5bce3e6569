#pragma once
// JSON of requests and replies. Private to http/.

#include <nlohmann/json.hpp>

#include "lib/http/message.hpp"

namespace bioctl::http {

using Json = nlohmann::ordered_json;

/// Kind::data if it is no JSON, deeper than 64 levels, of more than 100,000 values, or has an object with more than 1,000 keys:
/// all are looked at while parsing.
[[nodiscard]] Result<Json> parse_json(std::string_view text);

[[nodiscard]] Reply json_reply(Json const& json, int status = 200);
/// Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string dumped(Json const& json);

}  // namespace bioctl::http
