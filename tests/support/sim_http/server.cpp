#include "tests/support/sim_http/server.hpp"

#include <array>
#include <csignal>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <asio.hpp>

#include "lib/base/text.hpp"

namespace bioctl::sim_http {

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;

namespace {

constexpr std::size_t k_read_bytes = 8 * 1024;
constexpr std::chrono::milliseconds k_accept_pause{50};  // when the process has no descriptor left

/// Reads requests off one socket and writes answers to it. Every wait throws std::system_error when the client has gone.
class Connection {
public:
    Connection(tcp::socket socket, Limits const& limits) : m_socket(std::move(socket)), m_limits(limits) {}

    tcp::socket& socket() { return m_socket; }

    awaitable<Request> read_request() {
        auto const head = co_await take_until("\r\n\r\n", m_limits.head_bytes);
        auto request = parse_head(head, m_limits);
        auto const length = announced_body(request, m_limits);
        if (to_lower_ascii(request.header("Expect")) == "100-continue") co_await send("HTTP/1.1 100 Continue\r\n\r\n");
        if (length) {
            request.body = co_await take(*length);
        } else {
            request.body = co_await read_chunks();
        }
        co_return request;
    }

    awaitable<void> send(std::string_view bytes) {
        co_await asio::async_write(m_socket, asio::buffer(bytes.data(), bytes.size()), use_awaitable);
    }

    /// Until the client hangs up; what it sends meanwhile is thrown away.
    awaitable<void> wait_for_end() {
        for (;;) {
            m_buffer.clear();
            co_await fill();
        }
    }

private:
    awaitable<void> fill() {
        auto const kept = m_buffer.size();
        m_buffer.resize(kept + k_read_bytes);
        auto const got = co_await m_socket.async_read_some(asio::buffer(m_buffer.data() + kept, k_read_bytes), use_awaitable);
        m_buffer.resize(kept + got);
    }

    awaitable<std::string> take(std::size_t size) {
        while (m_buffer.size() < size)
            co_await fill();
        auto taken = m_buffer.substr(0, size);
        m_buffer.erase(0, size);
        co_return taken;
    }

    /// What comes before `end`; `end` is dropped.
    awaitable<std::string> take_until(std::string_view end, std::size_t most) {
        std::size_t found = 0;
        while ((found = m_buffer.find(end)) == std::string::npos) {
            if (m_buffer.size() > most) throw BadRequest{431, "head too large"};
            co_await fill();
        }
        auto taken = m_buffer.substr(0, found);
        m_buffer.erase(0, found + end.size());
        co_return taken;
    }

    awaitable<std::string> read_chunks() {
        std::string body;
        for (;;) {
            auto const line = co_await take_until("\r\n", m_limits.head_bytes);
            auto const size = chunk_size(line, m_limits);
            if (body.size() + size > m_limits.body_bytes) throw BadRequest{413, "body too large"};
            auto const chunk = co_await take(size + 2);
            body.append(chunk, 0, size);
            if (size == 0) co_return body;
        }
    }

    tcp::socket m_socket;
    Limits const& m_limits;
    std::string m_buffer;
};

}  // namespace

struct Loop::Impl {
    asio::io_context io{1};
};

Loop::Loop() : m_impl(std::make_unique<Impl>()) {}
Loop::~Loop() = default;

void Loop::run_until_signal() {
    asio::signal_set signals{m_impl->io, SIGTERM, SIGINT};
    signals.async_wait([this](std::error_code const&, int) { m_impl->io.stop(); });
    m_impl->io.run();
}

void Loop::run() {
    auto const work = asio::make_work_guard(m_impl->io);
    m_impl->io.run();
}

void Loop::stop() {
    m_impl->io.stop();
}

struct Server::State : std::enable_shared_from_this<Server::State> {
    State(asio::io_context& context, std::uint16_t wanted, Handler answer, Limits caps)
        : acceptor(context), port(wanted), handler(std::move(answer)), limits(caps) {}

    asio::ip::tcp::acceptor acceptor;
    std::uint16_t port;
    Handler handler;
    Limits limits;
    std::set<Connection*> connections{};
    std::uint64_t bytes_sent = 0;

    void open() {
        if (acceptor.is_open()) return;
        tcp::endpoint const address{asio::ip::address_v4::loopback(), port};
        acceptor.open(address.protocol());
        acceptor.set_option(tcp::acceptor::reuse_address{true});
        acceptor.bind(address);
        acceptor.listen();
        port = acceptor.local_endpoint().port();
        asio::co_spawn(acceptor.get_executor(), accept(shared_from_this()), asio::detached);
    }

    void close() {
        std::error_code ignored;
        acceptor.close(ignored);
        for (auto* connection : connections)
            connection->socket().close(ignored);
    }

    static awaitable<void> accept(std::shared_ptr<State> state) {
        while (state->acceptor.is_open()) {
            std::error_code failed;
            auto socket = co_await state->acceptor.async_accept(asio::redirect_error(use_awaitable, failed));
            if (failed) {
                asio::steady_timer pause{state->acceptor.get_executor(), k_accept_pause};
                co_await pause.async_wait(asio::redirect_error(use_awaitable, failed));
            } else if (state->connections.size() < state->limits.connections) {
                socket.set_option(tcp::no_delay{true}, failed);
                asio::co_spawn(state->acceptor.get_executor(), serve(state, std::move(socket)), asio::detached);
            }
        }
    }

    static awaitable<void> serve(std::shared_ptr<State> state, tcp::socket socket) {
        Connection connection{std::move(socket), state->limits};
        state->connections.insert(&connection);
        std::shared_ptr<void> const listed{nullptr, [&](void*) { state->connections.erase(&connection); }};
        int refused = 0;
        try {
            while (co_await answer(*state, connection)) {
            }
        } catch (BadRequest const& error) {
            refused = error.status;
        } catch (std::system_error const&) {  // the client has gone
        } catch (std::exception const&) {
            refused = 500;
        }
        if (refused == 0) co_return;
        std::error_code ignored;
        auto const head = render_head({.status = refused, .ending = Ending::close});
        co_await asio::async_write(connection.socket(), asio::buffer(head), asio::redirect_error(use_awaitable, ignored));
    }

    /// One request and its answer; whether another may follow.
    static awaitable<bool> answer(State& state, Connection& connection) {
        auto const request = co_await connection.read_request();
        if (!state.acceptor.is_open()) co_return false;
        auto reply = state.handler(request);
        if (to_lower_ascii(request.header("Connection")) == "close" && reply.ending == Ending::keep) reply.ending = Ending::close;
        if (reply.delay.count() > 0) {
            asio::steady_timer timer{connection.socket().get_executor(), reply.delay};
            co_await timer.async_wait(use_awaitable);
        }
        if (reply.ending == Ending::drop) co_return false;
        if (reply.ending == Ending::silent) co_await connection.wait_for_end();
        bool const is_whole = reply.ending == Ending::keep || reply.ending == Ending::close;
        auto const head = render_head(reply);
        auto const body = std::string_view{reply.body}.substr(0, is_whole ? reply.body.size() : reply.body.size() / 2);
        std::array<asio::const_buffer, 2> const parts{asio::buffer(head), asio::buffer(body.data(), body.size())};
        state.bytes_sent += co_await asio::async_write(connection.socket(), parts, use_awaitable);
        if (reply.ending == Ending::stall) co_await connection.wait_for_end();
        co_return reply.ending == Ending::keep;
    }
};

Server::Server(Loop& loop, std::uint16_t port, Handler handler, Limits limits)
    : m_state(std::make_shared<State>(loop.m_impl->io, port, std::move(handler), limits)) {
    m_state->open();
}

Server::~Server() {
    m_state->close();
}

void Server::close() {
    m_state->close();
}

void Server::open() {
    m_state->open();
}

std::uint16_t Server::port() const {
    return m_state->port;
}

std::string Server::url() const {
    return fmt::format("http://127.0.0.1:{}", m_state->port);
}

std::uint64_t Server::bytes_sent() const {
    return m_state->bytes_sent;
}

}  // namespace bioctl::sim_http
