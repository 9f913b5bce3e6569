#pragma once
// From SQLite's result codes to our errors. Private to store/; knows the codes, but no SQLite type.

#include <filesystem>
#include <string_view>

#include "lib/base/causes.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

/// The Error for a failed call on the store in <file>. `code` is the extended result code, `cause` SQLite's text for it.
[[nodiscard]] OwnFault sqlite_error(int code, std::string_view cause, fs::path const& file);

/// The store in <file> is not whole.
[[nodiscard]] OwnFault damaged(fs::path const& file, std::string_view cause);

/// Why <file> cannot be opened, as far as the file system tells: SQLite itself only says "unable to open". `cause` is what it
/// says if permissions and folders are in order.
[[nodiscard]] OwnFault cannot_open(fs::path const& file, Access access, std::string_view cause);

}  // namespace bioctl::store
