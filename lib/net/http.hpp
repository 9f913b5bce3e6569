#pragma once
// The HTTP client: how to reach a peer, and what the ways it can fail mean to us. Requests of their own kind have a header of
// their own: download.hpp.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "lib/base/error.hpp"

namespace bioctl::net {

/// How a peer is reached. Nothing is taken from the environment.
struct HttpOptions {
    std::string proxy{};     ///< "" = none; "http://proxy:3128", "socks5h://..."
    std::string no_proxy{};  ///< comma-separated hosts and domains that are reached without the proxy
    std::string user_agent = "bioctl";
    std::chrono::seconds connect_timeout{15};
    std::chrono::seconds stall_timeout{30};  ///< without a single byte
    int max_redirects = 5;
};

/// Called now and then while bytes arrive; false stops the transfer. total 0: unknown.
using Progress = std::function<bool(std::uint64_t done, std::uint64_t total)>;

/// What an HTTP status that is not a success means: 404 and 410 no_input, 401, 403 and 407 permission, 429 and 503 busy, other
/// 5xx unavailable, everything else protocol. The message names the URL and the next step.
[[nodiscard]] Error error_of_status(std::string const& url, long status);

}  // namespace bioctl::net
