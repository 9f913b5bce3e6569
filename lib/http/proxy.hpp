#pragma once
// Who the client is when a proxy stands in front.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/message.hpp"

namespace bioctl::http {

/// "10.0.0.0/8", "2001:db8::/32", "127.0.0.1".
class Network {
public:
    /// Kind::usage for what is no such text.
    [[nodiscard]] static Result<Network> parse(std::string_view text);
    /// A numeric address, an IPv4 one also as "::ffff:192.0.2.7".
    [[nodiscard]] bool contains(std::string_view address) const;

private:
    std::array<std::uint8_t, 16> m_bytes{};
    int m_bits = 128;  ///< of 128: IPv4 is mapped
};

/// As it is compared and logged: "192.0.2.7" for "::ffff:192.0.2.7".
[[nodiscard]] std::string plain_address(std::string_view address);
[[nodiscard]] bool is_loopback(std::string_view address);

/// Fills client, is_tls and is_local from the peer of the connection; X-Forwarded-For and -Proto are believed only as far as
/// trusted proxies wrote them: the client is the last address that is none of them.
void find_client(Request& request, std::string_view peer, bool is_tls, std::vector<Network> const& trusted);

}  // namespace bioctl::http
