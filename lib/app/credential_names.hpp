#pragma once
// Names of accounts and keys. Private to app/.

#include <string_view>

namespace bioctl::app {

/// 1 to 64 of a-z, A-Z, 0-9 and ._@-, a letter or a digit first. Error{usage} otherwise.
/// what  "account", "key"
void require_credential_name(std::string_view what, std::string_view name);

}  // namespace bioctl::app
