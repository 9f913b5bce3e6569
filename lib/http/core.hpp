#pragma once
// What the connections of a server share. Private to http/; everything but the pools is for the thread of the network.

#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "lib/http/pool.hpp"
#include "lib/http/server.hpp"

namespace bioctl::http {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

/// A connection as the server sees it from outside.
class Visitor {
public:
    virtual ~Visitor() = default;
    /// Waits for the next request: may be ended without harm.
    [[nodiscard]] virtual bool is_idle() const = 0;
    /// Ends it when what it does is done.
    virtual void leave() = 0;
    /// Ends it now.
    virtual void abort() = 0;
};

class Server::Core {
public:
    Core(Site& the_site, Routes const& the_routes, ServerOptions wanted);

    Site& site;
    Routes const& routes;
    ServerOptions options;
    bool is_stopping = false;
    std::size_t body_memory = 0;  ///< taken
    std::size_t websockets = 0;
    std::list<Visitor*> visitors;                              ///< those that wait longest first
    std::unordered_map<std::string, std::size_t> visitors_of;  ///< by address of the peer
    std::shared_ptr<asio::ssl::context> tls;                   ///< of the next connection
    Gate gate;
    // Goes after the pools, whose jobs refer to connections, and before all that connections refer to.
    asio::io_context io{1};
    asio::steady_timer deadline{io}, tick{io};  ///< of a stop
    std::vector<tcp::acceptor> acceptors;
    Pool store_pool, peer_pool, inference_pool;

    /// Makes room by ending the connection that idles longest; false if all are at work.
    bool evict_one();
    void accept_on(tcp::acceptor& acceptor);
    void admit(tcp::socket socket);
    void begin_stop();
    void watch_the_last();
    void tell(std::string const& line) const {
        if (options.on_trouble) options.on_trouble(line);
    }
};

/// A part of the body memory, given back at the end.
class BodyShare {
public:
    BodyShare() = default;
    /// Empty if there is not so much left.
    static std::optional<BodyShare> take(Server::Core& core, std::size_t bytes);
    BodyShare(BodyShare&& other) noexcept;
    BodyShare& operator=(BodyShare&& other) noexcept;
    ~BodyShare();

private:
    BodyShare(Server::Core& core, std::size_t bytes) : m_core(&core), m_bytes(bytes) {}
    Server::Core* m_core = nullptr;
    std::size_t m_bytes = 0;
};

[[nodiscard]] std::shared_ptr<asio::ssl::context> make_tls(TlsFiles const& files);

/// Serves one connection until it ends. connection_plain.cpp, connection_tls.cpp: each compiles the same template.
void serve_plain(Server::Core& core, tcp::socket socket);
void serve_tls(Server::Core& core, tcp::socket socket);

}  // namespace bioctl::http
