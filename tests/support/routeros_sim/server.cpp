#include "tests/support/routeros_sim/server.hpp"

#include <future>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <asio.hpp>
#include <asio/ssl.hpp>

#include "lib/base/bytes.hpp"

namespace bioctl::routeros_sim {

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;

namespace {

constexpr std::size_t k_read_bytes = 8 * 1024, k_flush_bytes = 256 * 1024;

/// Of the challenge that this simulator hands out, by a way of its own: the client's is under test.
std::string md5_of(std::string const& password, std::string const& challenge) {
    std::string text = std::string(1, '\0') + password + challenge;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), &digest[0], &size, EVP_md5(), nullptr);
    std::string hex;
    for (unsigned i = 0; i < size; ++i)
        hex += fmt::format("{:02x}", digest[i]);
    return hex;
}

std::string attribute(ont::Words const& command, std::string const& name, bool& is_there) {
    auto const start = fmt::format("={}=", name);
    for (auto const& word : command) {
        if (!word.starts_with(start)) continue;
        is_there = true;
        return word.substr(start.size());
    }
    is_there = false;
    return {};
}

class Connection {
public:
    Connection(tcp::socket socket, Router& router, asio::ssl::context* tls) : m_socket(std::move(socket)), m_router(router) {
        if (tls != nullptr) m_tls.emplace(m_socket, *tls);
    }

    tcp::socket& socket() { return m_socket; }

    awaitable<void> serve() {
        std::string bytes(k_read_bytes, '\0');
        if (m_tls) co_await m_tls->async_handshake(asio::ssl::stream_base::server, use_awaitable);
        for (;;) {
            std::size_t got = 0;
            if (m_tls) {
                got = co_await m_tls->async_read_some(asio::buffer(bytes), use_awaitable);
            } else {
                got = co_await m_socket.async_read_some(asio::buffer(bytes), use_awaitable);
            }
            if (!m_reader.feed(std::string_view{bytes}.substr(0, got))) co_return;
            while (auto const command = m_reader.next()) {
                co_await answer(*command);
                if (m_is_over) co_return;
            }
        }
    }

private:
    void reply(ont::Words words) {
        auto const& options = m_router.options();
        if (options.repeats_tags && !m_tag.empty()) words.insert(words.begin() + 1, fmt::format(".tag={}", m_tag));
        m_output += ont::encoded_sentence(words);
    }

    awaitable<void> flush() {
        auto const bytes = std::exchange(m_output, {});
        auto const piece = m_router.options().is_split ? std::size_t{1} : bytes.size();
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            auto const buffer = asio::buffer(bytes.data() + at, piece);
            if (m_tls) {
                co_await asio::async_write(*m_tls, buffer, use_awaitable);
            } else {
                co_await asio::async_write(m_socket, buffer, use_awaitable);
            }
        }
    }

    awaitable<void> answer(ont::Words const& command) {
        ++m_router.commands;
        m_tag.clear();
        for (auto const& word : command) {
            if (word.starts_with(".tag=")) m_tag = word.substr(5);
        }
        if (command.front() == "/login") {
            log_in(command);
        } else if (!m_is_in) {
            m_output += ont::encoded_sentence({"!fatal", "not logged in"});
            m_is_over = true;
        } else if (command.front() == "/quit") {
            m_output += ont::encoded_sentence({"!fatal", "session terminated on request"});
            m_is_over = true;
        } else {
            co_await answer_logged_in(command);
        }
        if (!m_output.empty()) co_await flush();
    }

    void log_in(ont::Words const& command) {
        auto const& options = m_router.options();
        bool has_password = false, has_response = false, has_name = false;
        auto const password = attribute(command, "password", has_password);
        auto const response = attribute(command, "response", has_response);
        auto const name = attribute(command, "name", has_name);
        bool const is_modern = options.login != Login::old;
        bool const wants_challenge = is_modern ? !has_password && !has_response : !has_response;
        if (wants_challenge) {
            std::uniform_int_distribution<int> byte{0, 255};
            m_challenge.clear();
            for (int i = 0; i < 16; ++i)
                m_challenge += static_cast<char>(byte(m_random));
            auto const hex = options.fault == Fault::bad_challenge ? std::string{"zz"} : to_hex(as_bytes(m_challenge));
            return reply({"!done", fmt::format("=ret={}", hex)});
        }
        bool is_right = name == options.user;
        if (is_modern) {
            is_right = is_right && has_password && password == options.password;
        } else {
            is_right = is_right && !m_challenge.empty() && response == fmt::format("00{}", md5_of(options.password, m_challenge));
        }
        m_challenge.clear();
        if (!is_right) {
            ++m_router.refused_logins;
            reply({"!trap", is_modern ? "=message=invalid user name or password (6)" : "=message=cannot log in"});
            return reply({"!done"});
        }
        ++m_router.logins;
        m_is_in = true;
        reply({"!done"});
    }

    awaitable<void> answer_logged_in(ont::Words const& command) {
        switch (m_router.options().fault) {
            case Fault::silent_login: co_return;
            case Fault::bad_length: m_output += static_cast<char>(0xF1 + m_router.commands % 15); co_return;
            case Fault::huge_length: m_output += std::string_view{"\xF0\x40\x00\x00\x00", 5}; co_return;
            case Fault::fatal:
                m_output += ont::encoded_sentence({"!fatal", "too many commands"});
                m_is_over = true;
                co_return;
            case Fault::trap:
                reply({"!trap", "=category=1", "=message=first cause"});
                reply({"!trap", "=message=second cause"});
                reply({"!done"});
                co_return;
            default: break;
        }
        co_await answer_rows(command);
    }

    awaitable<void> answer_rows(ont::Words const& command) {
        auto const fault = m_router.options().fault;
        if (m_router.options().has_odd_replies) {
            m_output += '\0';
            reply({"!strange", "=x=1"});
        }
        std::vector<ont::Words> rows;
        if (!m_router.answer(command, [&](ont::Words words) { rows.push_back(std::move(words)); })) {
            reply({"!trap", "=category=0", "=message=no such command prefix"});
            reply({"!done"});
            co_return;
        }
        bool const is_half = (fault == Fault::cut || fault == Fault::stall) && !rows.empty();
        if (is_half) rows.resize((rows.size() + 1) / 2);
        for (auto& row : rows) {
            reply(std::move(row));
            if (m_output.size() > k_flush_bytes) co_await flush();
        }
        if (fault == Fault::stall) co_return;
        if (fault == Fault::cut) {
            reply({"!re", "=name=this sentence will never end"});
            m_output.resize(m_output.size() - 12);
            m_is_over = true;
            co_return;
        }
        if (rows.empty() && m_router.options().has_empty) reply({"!empty"});
        reply({"!done"});
    }

    tcp::socket m_socket;
    std::optional<asio::ssl::stream<tcp::socket&>> m_tls;
    Router& m_router;
    ont::SentenceReader m_reader;
    std::string m_output, m_tag, m_challenge;
    std::mt19937 m_random{std::random_device{}()};
    bool m_is_in = false, m_is_over = false;
};

}  // namespace

struct Server::Impl {
    Impl(RouterOptions options, std::uint16_t wanted) : router(std::move(options)), port(wanted) {
        auto const& o = router.options();
        if (o.certificate.empty() && !o.is_anonymous) return;
        tls.emplace(asio::ssl::context::tls_server);
        if (!o.is_anonymous) {
            tls->use_certificate_file(o.certificate, asio::ssl::context::pem);
            tls->use_private_key_file(o.private_key, asio::ssl::context::pem);
            return;
        }
        SSL_CTX_set_max_proto_version(tls->native_handle(), TLS1_2_VERSION);
        SSL_CTX_set_cipher_list(tls->native_handle(), "ADH:@SECLEVEL=0");
        SSL_CTX_set_dh_auto(tls->native_handle(), 1);
    }

    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    tcp::acceptor acceptor{io};
    std::optional<asio::ssl::context> tls{};
    Router router;
    std::uint16_t port;
    std::set<Connection*> connections{};
    std::thread thread{};

    void listen() {
        tcp::endpoint const address{asio::ip::address_v4::loopback(), port};
        acceptor.open(address.protocol());
        acceptor.set_option(tcp::acceptor::reuse_address{true});
        acceptor.bind(address);
        acceptor.listen();
        port = acceptor.local_endpoint().port();
        asio::co_spawn(io, accept(), asio::detached);
    }

    void hang_up() {
        std::error_code ignored;
        acceptor.close(ignored);
        for (auto* connection : connections)
            connection->socket().close(ignored);
    }

    awaitable<void> accept() {
        while (acceptor.is_open()) {
            std::error_code failed;
            auto socket = co_await acceptor.async_accept(asio::redirect_error(use_awaitable, failed));
            if (failed) co_return;
            socket.set_option(tcp::no_delay{true}, failed);
            ++router.connections;
            asio::co_spawn(io, serve(std::move(socket)), asio::detached);
        }
    }

    awaitable<void> serve(tcp::socket socket) {
        Connection connection{std::move(socket), router, tls ? &*tls : nullptr};
        connections.insert(&connection);
        try {
            co_await connection.serve();
        } catch (std::system_error const&) {  // the client has gone
        }
        connections.erase(&connection);
    }
};

Server::Server(RouterOptions options, std::uint16_t port) : m_impl(std::make_unique<Impl>(std::move(options), port)) {
    m_impl->listen();
    m_impl->thread = std::thread{[impl = m_impl.get()] { impl->io.run(); }};
}

Server::~Server() {
    m_impl->io.stop();
    m_impl->thread.join();
}

std::uint16_t Server::port() const {
    return m_impl->port;
}

void Server::with(std::function<void(Router&)> const& work) {
    std::packaged_task<void()> task{[&] { work(m_impl->router); }};
    auto done = task.get_future();
    asio::post(m_impl->io, [&] { task(); });
    done.get();
}

void Server::close() {
    with([this](Router&) { m_impl->hang_up(); });
}

void Server::open() {
    with([this](Router&) { m_impl->listen(); });
}

}  // namespace bioctl::routeros_sim
