#pragma once
// A logged-in connection to a MikroTik router, whichever way it is reached.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/ont/routeros_words.hpp"

namespace bioctl::ont {

enum class RouterVia { api, rest };
enum class RouterTls {
    off,   ///< in the clear, the password too
    ca,    ///< a certificate of a known authority for this host
    pin,   ///< this public key, whatever the certificate says
    anon,  ///< api only: no certificate at all. The line is encrypted, the peer unknown
};
enum class RouterLogin { automatic, plain, md5 };  ///< plain: RouterOS 6.43 and later, md5: before

struct RouterAccess {
    std::string host{};  ///< name or address
    std::uint16_t port = 8729;
    RouterVia via = RouterVia::api;
    RouterTls tls = RouterTls::ca;
    std::string pin{};  ///< for RouterTls::pin: "sha256//<base64 of the SHA-256 of the public key (SPKI)>", as net::Tls has it
    std::string user{}, password{};
    RouterLogin login = RouterLogin::automatic;
};

struct RouterTimes {
    std::chrono::milliseconds connect{5'000};   ///< look-up, TCP and TLS
    std::chrono::milliseconds login{10'000};    ///< RADIUS may be slow
    std::chrono::milliseconds command{30'000};  ///< until the last row
    std::size_t most_rows = 200'000;            ///< of one command
    std::function<bool()> should_stop{};        ///< the API is given up soon after it says so, as if the time were up
};

/// Rows come one by one and are not kept. Values are bytes as the router has them: show them with router_text().
using RowTaker = std::function<void(RouterReply const& row)>;

/// One thread. Failures are Error without the name of the router: unavailable (connection), protocol (it speaks nonsense), data
/// (it refuses this command; the connection stays). After unavailable or protocol is_open() is false: what came late can never be
/// taken for the answer to another question.
class RouterLink {
public:
    virtual ~RouterLink() = default;
    /// `menu`: "/ip/hotspot/active". `fields`: which properties to send, all without any.
    virtual void print(std::string_view menu, std::vector<std::string> const& fields,
                       std::chrono::steady_clock::time_point deadline, RowTaker const& take) = 0;
    [[nodiscard]] virtual bool is_open() const = 0;
};

/// Connects and logs in, at most once. Error{permission} means that the router refused user and password; trying again with the
/// same ones is of no use. Else as above, and no_host.
[[nodiscard]] std::unique_ptr<RouterLink> open_router(RouterAccess const& access, RouterTimes const& times,
                                                      std::chrono::steady_clock::time_point deadline);

}  // namespace bioctl::ont
