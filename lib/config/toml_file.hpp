#pragma once
// A configuration file: key = value lines, as TOML. Knows nothing of which keys there are.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bioctl::config {

namespace fs = std::filesystem;

struct Entry {
    std::string key;
    std::string value;  ///< strings as they are, numbers in the shortest form that reads back to the same, true or false
    unsigned line = 0;  ///< from 1
};

/// The entries of a file, in its order. `name` is for messages. Throws Error{config} naming the line: not TOML, a table, an
/// array, a date.
[[nodiscard]] std::vector<Entry> parse_entries(std::string_view text, std::string_view name);

/// The text with one key set, added or (nullopt) removed, everything else as it was. The result is read back before it is
/// returned.
[[nodiscard]] std::string edited(std::string_view text, std::string_view name, std::string_view key,
                                 std::optional<std::string_view> value);

}  // namespace bioctl::config
