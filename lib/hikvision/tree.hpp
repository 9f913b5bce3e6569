#pragma once
// XML or JSON from a terminal as one kind of tree, and forgiving ways to read it. Private to lib/hikvision.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "lib/base/result.hpp"

namespace bioctl::hikvision {

using Json = nlohmann::ordered_json;

/// The first byte that is not blank decides what it is. Bytes that are not UTF-8 and control characters are replaced first. Of
/// XML: an element becomes a member by its local name, several of the same name an array; text stays text; an attribute becomes
/// "@name", and the text beside attributes "#text". Kind::protocol beyond 64 levels, 100000 values or 1000 members of one object.
Result<Json> read_tree(std::string_view body);

/// read_tree, then the object `root`. `what` is for the message: "no <root> in it".
Result<Json> read_root(std::string_view body, std::string_view root);

/// The member, or an empty object.
[[nodiscard]] Json const& child(Json const& object, std::string_view key);

/// The text of a member, whether it was written as text, number or flag; "" if it is absent or something else.
[[nodiscard]] std::string text_of(Json const& object, std::string_view key);
/// Also of text: decimal, or hexadecimal with 0x.
[[nodiscard]] std::optional<std::int64_t> number_of(Json const& object, std::string_view key);
/// A number that fits.
[[nodiscard]] std::optional<int> int_of(Json const& object, std::string_view key);
/// true, "true", 1 and "1"; false, "false", 0 and "0".
[[nodiscard]] std::optional<bool> flag_of(Json const& object, std::string_view key);

}  // namespace bioctl::hikvision
