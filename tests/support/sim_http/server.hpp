#pragma once
// The HTTP server of both simulators: Asio coroutines on one thread, keep-alive, chunked bodies, and answers that may go wrong.

#include <cstdint>
#include <functional>
#include <memory>

#include "tests/support/sim_http/message.hpp"

namespace bioctl::sim_http {

/// The one thread on which all servers of a process run. It outlives them.
class Loop {
public:
    Loop();
    ~Loop();
    Loop(Loop const&) = delete;
    Loop& operator=(Loop const&) = delete;

    /// Serves until SIGTERM or SIGINT.
    void run_until_signal();
    /// Serves until stop() is called, by any thread.
    void run();
    void stop();

private:
    friend class Server;
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// One port of 127.0.0.1. Handlers run on the loop's thread and never block.
class Server {
public:
    using Handler = std::function<Reply(Request const&)>;

    /// Listens at once; port 0 takes a free one, which is kept over close() and open(). Throws std::system_error.
    Server(Loop& loop, std::uint16_t port, Handler handler, Limits limits = {});
    ~Server();
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;

    /// Refuses connections and breaks those that are open.
    void close();
    void open();
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string url() const;
    /// Heads and bodies that went out.
    [[nodiscard]] std::uint64_t bytes_sent() const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

}  // namespace bioctl::sim_http
