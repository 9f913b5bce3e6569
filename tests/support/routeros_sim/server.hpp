#pragma once
// The API of a simulated router on 127.0.0.1: Asio coroutines on one thread, real TCP, and replies that may go wrong.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "tests/support/routeros_sim/router.hpp"

namespace bioctl::routeros_sim {

/// Listens at once, on a port of its own thread, until it is destroyed.
class Server {
public:
    /// `port` 0 takes a free one. Throws std::system_error.
    explicit Server(RouterOptions options, std::uint16_t port = 0);
    ~Server();
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    /// Runs on the server's thread, between two commands; returns when done.
    void with(std::function<void(Router&)> const& work);
    /// Refuses connections and breaks those that are open; and takes them again.
    void close();
    void open();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace bioctl::routeros_sim
