#pragma once
// What of a URL decides whether it may be fetched.

#include <string>
#include <string_view>

#include "lib/base/result.hpp"

namespace bioctl::net {

struct Url {
    std::string scheme;  ///< lower case
    std::string host;    ///< lower case, without brackets
    int port = 0;        ///< as written, else 443 or 80
    std::string path;    ///< from the first '/', without query and fragment
};

/// Kind::usage if it is not an absolute http or https URL, or carries a user name or password.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

/// 127.0.0.0/8, ::1 and localhost: nobody on the way can read or change what is sent.
[[nodiscard]] bool is_loopback(std::string_view host);

/// https, or http to loopback. Kind::usage with the reason otherwise.
[[nodiscard]] Result<void> require_secure(std::string_view url);

}  // namespace bioctl::net
