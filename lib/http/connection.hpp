#pragma once
// One connection: request after request, or a WebSocket. Private to http/: compiled once for plain sockets and once for TLS.

#include <limits>
#include <utility>  // Boost 1.74's awaitable.hpp needs it and does not say so

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "lib/http/core.hpp"
#include "lib/http/exchange.hpp"
#include "lib/http/live_socket.hpp"

namespace bioctl::http {

namespace beast = boost::beast;

using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

template <class Stream>
class Connection final : public Visitor, public std::enable_shared_from_this<Connection<Stream>> {
public:
    Connection(Server::Core& core, Stream stream, std::string peer)
        : m_core(core), m_stream(std::move(stream)), m_peer(std::move(peer)), m_wake(core.io) {
        m_core.visitors.push_back(this);
        m_place = std::prev(m_core.visitors.end());
        ++m_core.visitors_of[m_peer];
        ++m_core.site.figures().connections;
        ++m_core.site.figures().open_connections;
    }
    ~Connection() override {
        m_core.visitors.erase(m_place);
        auto const count = m_core.visitors_of.find(m_peer);
        if (--count->second == 0) m_core.visitors_of.erase(count);
        --m_core.site.figures().open_connections;
    }
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    static void start(std::shared_ptr<Connection> self) {
        asio::co_spawn(
            self->m_core.io, [self]() -> asio::awaitable<void> { co_await self->serve(); }, asio::detached);
    }

    [[nodiscard]] bool is_idle() const override { return m_is_idle; }
    void leave() override {
        m_is_leaving = true;
        if (m_is_idle) abort();
    }
    void abort() override {
        m_is_idle = false;  // it is not chosen again
        if (!m_is_handed_over) close();
    }

private:
    using Parser = beast::http::request_parser<beast::http::string_body>;
    enum class Step { go_on, stop };

    auto into(beast::error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }
    void expire(std::chrono::milliseconds time) { beast::get_lowest_layer(m_stream).expires_after(time); }
    void close() {
        beast::error_code ignored;
        beast::get_lowest_layer(m_stream).socket().close(ignored);
    }

    asio::awaitable<void> serve() {
        if (!co_await greet()) co_return;
        for (;;) {
            Parser parser;
            parser.header_limit(static_cast<std::uint32_t>(m_core.options.limits.header_bytes));
            // The route judges, below. Not boost::none: Boost 1.74 takes every body for longer than that.
            parser.body_limit(std::numeric_limits<std::uint64_t>::max());
            if (!co_await read_head(parser)) break;
            if (co_await answer(parser) == Step::stop) break;
        }
        co_await part();
    }

    /// TLS wants to agree on keys first.
    asio::awaitable<bool> greet() {
        if constexpr (std::is_same_v<Stream, TlsStream>) {
            beast::error_code error;
            expire(m_core.options.limits.header);
            co_await m_stream.async_handshake(asio::ssl::stream_base::server, into(error));
            co_return !error;
        } else {
            co_return true;
        }
    }

    asio::awaitable<bool> read_head(Parser& parser) {
        beast::error_code error;
        if (m_buffer.size() == 0) {
            constexpr std::size_t k_first_read = 4096;
            if (m_is_leaving) co_return false;
            m_is_idle = true;
            m_core.visitors.splice(m_core.visitors.end(), m_core.visitors, m_place);  // the youngest of those that wait
            expire(m_core.options.limits.idle);
            auto const size = co_await m_stream.async_read_some(m_buffer.prepare(k_first_read), into(error));
            m_is_idle = false;
            if (error) co_return false;
            m_buffer.commit(size);
        }
        expire(m_core.options.limits.header);
        m_began = std::chrono::steady_clock::now();
        co_await beast::http::async_read_header(m_stream, m_buffer, parser, into(error));
        if (!error) co_return true;
        if (error == beast::http::error::end_of_stream || error == asio::error::eof || error == beast::error::timeout)
            co_return false;
        if (error == beast::http::error::header_limit) {
            ++m_core.site.figures().bad_requests;
            co_await refuse_unread(431, "the header of the request is too long");
        } else if (error.category() == beast::http::make_error_code(beast::http::error::bad_method).category()) {
            ++m_core.site.figures().bad_requests;
            co_await refuse_unread(400, "this is no HTTP/1.1 request: " + error.message());
        }
        co_return false;
    }

    /// Of a request that could not even be read.
    asio::awaitable<void> refuse_unread(int status, std::string detail) {
        Exchange exchange{m_core, m_peer, k_is_tls};
        Reply reply = plain_refusal(status, detail);
        exchange.begin_without_request(m_began);
        exchange.finish(reply);
        co_await write(exchange, reply, 11, false);
        m_has_unread = true;
    }

    asio::awaitable<Step> answer(Parser& parser) {
        Exchange exchange{m_core, m_peer, k_is_tls};
        auto const& head = parser.get();
        std::vector<Header> fields;
        for (auto const& field : head) {
            fields.push_back({std::string{field.name_string().data(), field.name_string().size()},
                              std::string{field.value().data(), field.value().size()}});
        }
        std::optional<std::uint64_t> length;
        if (parser.content_length()) length = *parser.content_length();
        bool const has_body = parser.chunked() || length.value_or(0) > 0;
        exchange.begin(std::string{head.method_string().data(), head.method_string().size()},
                       std::string{head.target().data(), head.target().size()}, std::move(fields), m_began);
        auto reply = exchange.judge(has_body, length);
        if (!reply && exchange.is_live()) co_return co_await go_live(exchange, parser);
        bool is_read = !has_body;
        if (!reply && has_body) {
            reply = co_await read_body(exchange, parser, length);
            is_read = !reply;
        }
        if (!reply) reply = co_await work(exchange);
        m_has_unread = !is_read;
        bool const keeps = is_read && parser.keep_alive() && !reply->is_closing && !m_is_leaving && !m_core.is_stopping;
        exchange.finish(*reply);
        bool const is_written = co_await write(exchange, *reply, static_cast<unsigned>(head.version()), keeps);
        co_return is_written&& keeps ? Step::go_on : Step::stop;
    }

    /// None when the body is there; else why it is not.
    asio::awaitable<std::optional<Reply>> read_body(Exchange& exchange, Parser& parser, std::optional<std::uint64_t> length) {
        auto const most = exchange.max_body();
        auto share = BodyShare::take(m_core, length ? static_cast<std::size_t>(*length) : most);
        if (!share) co_return exchange.refuse({Refusal::busy, "the server has too many large requests in hand", 2});
        parser.body_limit(most);
        beast::error_code error;
        expire(m_core.options.limits.header);
        if (exchange.expects_continue() && parser.get().version() >= 11) {
            static constexpr std::string_view k_continue = "HTTP/1.1 100 Continue\r\n\r\n";
            co_await asio::async_write(m_stream, asio::buffer(k_continue.data(), k_continue.size()), into(error));
            if (error) co_return exchange.refuse({Refusal::bad_request, "the connection broke"});
        }
        expire(body_time(m_core.options.limits, length.value_or(most)));
        co_await beast::http::async_read(m_stream, m_buffer, parser, into(error));
        if (error == beast::http::error::body_limit) co_return exchange.refuse({Refusal::too_large, too_large_detail(most)});
        if (error) co_return exchange.refuse({Refusal::bad_request, "the body of the request is cut off or malformed"});
        exchange.set_body(std::move(parser.get().body()), std::move(*share));
        co_return std::nullopt;
    }

    asio::awaitable<Reply> work(Exchange& exchange) {
        if (exchange.is_at_once()) co_return exchange.handle(nullptr);
        auto reply = co_await run_on(exchange.pool(), exchange, [&exchange](app::Desk& desk) { return exchange.handle(&desk); });
        while (reply.rest) {
            auto const rest = std::move(reply.rest);
            reply = co_await run_on(m_core.peer_pool, exchange,
                                    [&exchange, &rest](app::Desk& desk) { return exchange.handle_rest(rest, desk); });
        }
        co_return reply;
    }

    /// Waits until a worker of the pool has done it; the reply to a client that comes when its queue is full.
    asio::awaitable<Reply> run_on(Pool& pool, Exchange& exchange, std::function<Reply(app::Desk&)> job) {
        auto const slot = std::make_shared<std::optional<Reply>>();
        m_wake.expires_at(std::chrono::steady_clock::time_point::max());
        // This coroutine waits below until the job is done, so what the job refers to is there. It holds no share of the
        // connection: the last one must not be let go on another thread than this one.
        bool const is_taken = pool.offer([this, slot, &job](app::Desk& desk) {
            asio::post(m_core.io, [this, slot, reply = job(desk)]() mutable {
                *slot = std::move(reply);
                m_wake.cancel();
            });
        });
        if (!is_taken) co_return exchange.refuse_queue_full();
        beast::error_code ignored;
        // Nothing that the peer does ends the wait, and no time-out of the stream runs while nobody reads or writes.
        while (!*slot)
            co_await m_wake.async_wait(into(ignored));
        co_return std::move(**slot);
    }

    asio::awaitable<bool> write(Exchange& exchange, Reply& reply, unsigned version, bool keeps) {
        namespace http = beast::http;
        http::response<http::string_body> response{static_cast<http::status>(reply.status), version == 10 ? 10U : 11U};
        response.reason(reason_of(reply.status));
        for (auto const& header : reply.headers.all())
            response.insert(std::string_view{header.name}, header.value);
        if (!reply.content_type.empty()) response.set(http::field::content_type, reply.content_type);
        response.keep_alive(keeps);
        bool const has_no_body = reply.status == 204 || reply.status == 304;
        auto const size = reply.body.size();
        if (!has_no_body) response.content_length(size);
        if (!exchange.is_head() && !has_no_body) response.body() = std::move(reply.body);
        expire(body_time(m_core.options.limits, size));
        beast::error_code error;
        http::response_serializer<http::string_body> serializer{response};
        co_await http::async_write(m_stream, serializer, into(error));
        exchange.log(error ? 0 : size);
        co_return !error;
    }

    asio::awaitable<Step> go_live(Exchange& exchange, Parser& parser) {
        Reply reply;
        if (!beast::websocket::is_upgrade(parser.get())) {
            reply = exchange.refuse_plain_request();
        } else if (m_core.websockets >= m_core.options.limits.websockets) {
            reply = exchange.refuse({Refusal::busy, "too many live connections", 30});
        } else {
            m_is_handed_over = true;
            co_await LiveSocket<Stream>::run(m_core, std::move(m_stream), parser.release(), exchange);
            co_return Step::stop;
        }
        exchange.finish(reply);
        co_await write(exchange, reply, static_cast<unsigned>(parser.get().version()), false);
        co_return Step::stop;
    }

    /// A peer that still sends would not see the reply if the socket just closed: its bytes would be answered with a reset.
    asio::awaitable<void> part() {
        if (m_is_handed_over) co_return;
        auto& lowest = beast::get_lowest_layer(m_stream);
        if (!lowest.socket().is_open()) co_return;
        beast::error_code error;
        if constexpr (k_is_tls) {
            // So that the client can tell an end from a cut.
            expire(std::chrono::seconds{2});
            if (!m_has_unread) co_await m_stream.async_shutdown(into(error));
            error = {};
        }
        lowest.socket().shutdown(tcp::socket::shutdown_send, error);
        if (m_has_unread && !error) {
            constexpr std::size_t k_piece = 16 * 1024;
            constexpr int k_most_pieces = 1024;
            std::vector<char> nowhere(k_piece);
            lowest.expires_after(std::chrono::seconds{2});
            for (int i = 0; i < k_most_pieces && !error; ++i)
                co_await lowest.async_read_some(asio::buffer(nowhere), into(error));
        }
        close();
    }

    static constexpr bool k_is_tls = std::is_same_v<Stream, TlsStream>;

    Server::Core& m_core;
    Stream m_stream;
    std::string m_peer;
    asio::steady_timer m_wake;
    beast::flat_buffer m_buffer;
    std::list<Visitor*>::iterator m_place;
    std::chrono::steady_clock::time_point m_began{};
    bool m_is_idle = false, m_is_leaving = false, m_has_unread = false;
    bool m_is_handed_over = false;  // to a WebSocket
};

}  // namespace bioctl::http
