#pragma once
// The HTTP/1.1 server: one thread for the network, pools of workers behind it.
//
// Beast speaks HTTP and WebSocket. Not RESTinio, as once meant: it holds a body wholly before anybody can refuse it, closes
// without a reply what is too large (the old services answer 413), never says "100 Continue" (curl then waits a second for each
// large photo), and has one time limit for header, body and idling.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/http/gate.hpp"
#include "lib/http/proxy.hpp"
#include "lib/http/route.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

namespace fs = std::filesystem;

struct ListenAddress {
    std::string host = "127.0.0.1";  ///< numeric
    std::uint16_t port = 8080;       ///< 0 = any that is free
};
/// "127.0.0.1:8080", "[::1]:8080", ":8080" (all addresses), "8080" (loopback). Kind::usage otherwise.
[[nodiscard]] Result<ListenAddress> listen_address_from(std::string_view text);

struct TlsFiles {
    fs::path certificate, key;  ///< PEM; the certificate with its chain
};

/// One line of the access log.
struct Access {
    Timestamp at{};
    std::string client, id, method, path, who, user_agent;
    int status = 0;
    std::uint64_t bytes_in = 0, bytes_out = 0;
    std::chrono::nanoseconds took{};
};

struct ServerLimits {
    std::size_t header_bytes = 16 * 1024;
    std::chrono::milliseconds idle{75'000};        ///< between two requests of a connection
    std::chrono::milliseconds header{15'000};      ///< from the first byte of a header to its last; also a TLS handshake
    std::chrono::milliseconds body{30'000};        ///< for a body, and for each started 16 kB of it another second, at most 5 min
    std::size_t connections = 4096;                ///< beyond it the one that idles longest is closed
    std::size_t connections_of_client = 512;       ///< this machine itself is not limited
    std::size_t body_memory = 512U * 1024 * 1024;  ///< of all bodies at once; 503 beyond
    std::size_t websockets = 2048;
    std::size_t websocket_queue = 1024;                  ///< messages that may wait for a subscriber before it is dropped
    std::chrono::milliseconds websocket_idle{60'000};    ///< twice without a sign of life ends it
    std::chrono::milliseconds websocket_review{30'000};  ///< so often it is looked at whether it still may
    std::chrono::milliseconds grace{10'000};             ///< for what is in hand when it stops
};

struct ServerOptions {
    std::vector<ListenAddress> listen{};
    std::vector<int> inherited{};  ///< sockets that listen already (socket activation)
    std::optional<TlsFiles> tls{};
    std::string base_path{};  ///< "/bioctl", "" = none
    std::vector<Network> trusted_proxies{};
    ServerLimits limits{};
    GateRules gate{};
    int inference_workers = 1, store_workers = 2, peer_workers = 8;
    std::size_t inference_queue = 32, store_queue = 256;
    std::function<void(Access const&)> on_access;
    std::function<void(std::string const&)> on_trouble;  ///< one line for people; on the thread of run()
};

class Server {
public:
    /// Binds its sockets. Throws Error{busy} for an address that is taken, {permission}, {config} for TLS files that cannot be
    /// used or do not fit each other; and what opening the store throws.
    Server(Site& site, Routes const& routes, ServerOptions options);
    ~Server();
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;

    /// "http://127.0.0.1:8080", one for each socket.
    [[nodiscard]] std::vector<std::string> addresses() const;

    /// Serves until stop(). Requests in hand are finished, for at most ServerLimits::grace.
    void run();
    /// Any thread.
    void stop();
    /// Reads the TLS files again: for connections that come from now on. Any thread; throws as the constructor, and then leaves
    /// things as they are.
    void reload_tls();

    class Core;

private:
    std::unique_ptr<Core> m_core;
};

}  // namespace bioctl::http
