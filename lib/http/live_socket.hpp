#pragma once
// A WebSocket that is told what happens. Private to http/: compiled with the connection.

#include <deque>
#include <functional>
#include <utility>  // Boost 1.74's awaitable.hpp needs it and does not say so

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include "lib/http/core.hpp"
#include "lib/http/exchange.hpp"

namespace bioctl::http {

namespace beast = boost::beast;

/// What the hub knows of a socket. Whoever publishes may be the last to hold it, on whatever thread; the socket itself lives and
/// dies on the thread of the network.
template <class Socket>
class Mailbox final : public Subscriber, public std::enable_shared_from_this<Mailbox<Socket>> {
public:
    Mailbox(Server::Core& core, Socket& owner) : m_core(core), m_owner(&owner) {}
    void take(std::shared_ptr<std::string const> const& message) override {
        asio::post(m_core.io, [self = this->shared_from_this(), message] {
            if (self->m_owner != nullptr) self->m_owner->enqueue(message);
        });
    }
    void close() { m_owner = nullptr; }

private:
    Server::Core& m_core;
    Socket* m_owner;  // for the thread of the network
};

template <class Stream>
class LiveSocket final : public Visitor, public std::enable_shared_from_this<LiveSocket<Stream>> {
public:
    using Handshake = beast::http::request<beast::http::string_body>;

    LiveSocket(Server::Core& core, Stream stream)
        : m_core(core),
          m_socket(std::move(stream)),
          m_is_work_there(core.io),
          m_next_review(core.io),
          m_mailbox(std::make_shared<Mailbox<LiveSocket>>(core, *this)) {
        m_core.visitors.push_back(this);
        m_place = std::prev(m_core.visitors.end());
        ++m_core.websockets;
        ++m_core.site.figures().open_websockets;
    }
    ~LiveSocket() override {
        m_mailbox->close();
        m_core.visitors.erase(m_place);
        --m_core.websockets;
        --m_core.site.figures().open_websockets;
    }
    LiveSocket(LiveSocket const&) = delete;
    LiveSocket& operator=(LiveSocket const&) = delete;

    static asio::awaitable<void> run(Server::Core& core, Stream stream, Handshake handshake, Exchange& exchange) {
        auto const self = std::make_shared<LiveSocket>(core, std::move(stream));
        if (!co_await self->accept(handshake)) co_return;
        exchange.log_upgrade();
        core.site.hub().subscribe(exchange.topics(), self->m_mailbox);
        asio::co_spawn(
            core.io, [self]() -> asio::awaitable<void> { co_await self->write_all(); }, asio::detached);
        asio::co_spawn(
            core.io, [self, may = exchange.review()]() -> asio::awaitable<void> { co_await self->review_all(may); },
            asio::detached);
        co_await self->read_all();
        self->end();
    }

    void enqueue(std::shared_ptr<std::string const> const& message) {
        if (m_is_ended || m_is_unwelcome) return;
        if (m_queue.size() >= m_core.options.limits.websocket_queue) {
            ++m_core.site.figures().websocket_dropped;
            end();
            return;
        }
        m_queue.push_back(message);
        m_is_work_there.cancel();
    }

    [[nodiscard]] bool is_idle() const override { return false; }  // a listener is never idle
    void leave() override {
        m_is_leaving = true;
        m_is_work_there.cancel();
    }
    void abort() override { end(); }

private:
    auto into(beast::error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

    asio::awaitable<bool> accept(Handshake const& handshake) {
        namespace websocket = beast::websocket;
        constexpr std::size_t k_longest_message = 64 * 1024;
        beast::get_lowest_layer(m_socket).expires_never();  // it has time-outs of its own
        m_socket.set_option(
            websocket::stream_base::timeout{m_core.options.limits.header, m_core.options.limits.websocket_idle, true});
        m_socket.read_message_max(k_longest_message);
        m_socket.control_callback([this](websocket::frame_type, beast::string_view) { count_frame(); });
        beast::error_code error;
        co_await m_socket.async_accept(handshake, into(error));
        co_return !error;
    }

    /// What clients say is not listened to: the old one sends "ping" to keep the line open.
    asio::awaitable<void> read_all() {
        beast::error_code error;
        while (!error) {
            m_read.clear();
            co_await m_socket.async_read(m_read, into(error));
            if (!error) count_frame();
        }
    }

    asio::awaitable<void> write_all() {
        beast::error_code error, ignored;
        m_socket.text(true);
        while (!error && !m_is_ended) {
            if (m_is_unwelcome || (m_queue.empty() && m_is_leaving)) {
                using beast::websocket::close_code;
                co_await m_socket.async_close(m_is_unwelcome ? close_code::policy_error : close_code::going_away, into(error));
                co_return;
            }
            if (m_queue.empty()) {
                m_is_work_there.expires_at(std::chrono::steady_clock::time_point::max());
                co_await m_is_work_there.async_wait(into(ignored));
                continue;
            }
            auto const message = m_queue.front();
            co_await m_socket.async_write(asio::buffer(*message), into(error));
            if (!m_queue.empty()) m_queue.pop_front();
        }
        end();
    }

    /// Who lost the right to listen is told so, and nothing else any more.
    asio::awaitable<void> review_all(std::function<bool()> may) {
        beast::error_code ignored;
        while (!m_is_ended && !m_is_unwelcome) {
            m_next_review.expires_after(m_core.options.limits.websocket_review);
            co_await m_next_review.async_wait(into(ignored));
            if (m_is_ended || may()) continue;
            m_is_unwelcome = true;
            m_is_work_there.cancel();
        }
    }

    /// A flood of pings or of tiny messages would keep the only thread of the network busy.
    void count_frame() {
        constexpr int k_most_frames = 100;
        auto const now = std::chrono::steady_clock::now();
        if (now - m_second > std::chrono::seconds{1}) {
            m_second = now;
            m_frames = 0;
        }
        if (++m_frames > k_most_frames) end();
    }

    void end() {
        m_is_ended = true;
        m_is_work_there.cancel();
        m_next_review.cancel();
        beast::error_code ignored;
        beast::get_lowest_layer(m_socket).socket().close(ignored);
    }

    Server::Core& m_core;
    beast::websocket::stream<Stream> m_socket;
    asio::steady_timer m_is_work_there, m_next_review;
    beast::flat_buffer m_read;
    std::deque<std::shared_ptr<std::string const>> m_queue;
    std::shared_ptr<Mailbox<LiveSocket>> m_mailbox;
    std::list<Visitor*>::iterator m_place;
    std::chrono::steady_clock::time_point m_second{};
    int m_frames = 0;
    bool m_is_leaving = false, m_is_unwelcome = false, m_is_ended = false;
};

}  // namespace bioctl::http
