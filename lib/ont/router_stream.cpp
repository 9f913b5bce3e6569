#include "lib/ont/router_stream.hpp"

#include <future>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <asio.hpp>
#include <asio/ssl.hpp>

#include "lib/base/bytes.hpp"
#include "lib/base/text.hpp"
#include "lib/ont/address.hpp"

namespace bioctl::ont {

namespace {

using asio::ip::tcp;

constexpr std::size_t k_read_bytes = 64 * 1024;

// RouterOS without a certificate knows no others; they need security level 0, because they prove nothing about the peer.
constexpr char const* k_anonymous_ciphers =
    "ADH-AES256-GCM-SHA384:ADH-AES128-GCM-SHA256:ADH-AES256-SHA256:ADH-AES128-SHA256:ADH-AES256-SHA:ADH-AES128-SHA:@SECLEVEL=0";

/// getaddrinfo() cannot be told when to give up, so it gets a thread that may outlive the question.
Address look_up(std::string const& host, Deadline deadline) {
    if (auto const address = parse_address(host)) return *address;
    auto task = std::packaged_task<Result<Address>()>{[host] { return resolve(host, Wanted::any); }};
    auto answer = task.get_future();
    std::thread{std::move(task)}.detach();
    if (answer.wait_until(deadline) != std::future_status::ready)
        throw Error{Kind::unavailable, fmt::format("'{}' was not found in time; is the name server up?", printable(host))};
    return answer.get().or_throw();
}

tcp::endpoint endpoint_of(Address const& address, std::uint16_t port) {
    if (address.family == Family::v4) {
        asio::ip::address_v4::bytes_type bytes{};
        std::copy_n(address.bytes.begin(), bytes.size(), bytes.begin());
        return {asio::ip::address_v4{bytes}, port};
    }
    asio::ip::address_v6::bytes_type bytes{};
    std::copy_n(address.bytes.begin(), bytes.size(), bytes.begin());
    return {asio::ip::address_v6{bytes, address.scope}, port};
}

std::string pin_of(X509* certificate) {
    unsigned char* der = nullptr;
    auto const size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size <= 0) return {};
    std::string const key{reinterpret_cast<char const*>(der), static_cast<std::size_t>(size)};
    OPENSSL_free(der);
    return fmt::format("sha256//{}", to_base64(sha256(as_bytes(key)).bytes));
}

asio::ssl::context context_for(RouterTls tls) {
    asio::ssl::context context{asio::ssl::context::tls_client};
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    if (tls == RouterTls::anon) {
        SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_2_VERSION);
        SSL_CTX_set_cipher_list(context.native_handle(), k_anonymous_ciphers);
    }
    if (tls == RouterTls::ca) {
        context.set_default_verify_paths();
        context.set_verify_mode(asio::ssl::verify_peer);
    } else {
        context.set_verify_mode(asio::ssl::verify_none);
    }
    return context;
}

}  // namespace

struct RouterStream::Impl {
    Impl(RouterAccess const& wanted, std::function<bool()> stop) : access(wanted), should_stop(std::move(stop)) {}

    RouterAccess access;
    std::function<bool()> should_stop;
    asio::io_context io{1};
    tcp::socket socket{io};
    std::optional<asio::ssl::context> context{};
    std::optional<asio::ssl::stream<tcp::socket&>> tls{};
    std::string shown_pin{};  // of the certificate that was not believed
    std::vector<char> buffer = std::vector<char>(k_read_bytes);

    struct Outcome {
        std::error_code error{};
        std::size_t bytes = 0;
        bool is_late = false;
    };

    /// Starts one operation and waits for it. When time is up the socket is closed, which ends it.
    template <class Start>
    Outcome wait(Deadline deadline, Start const& start) {
        Outcome outcome;
        bool is_done = false;
        start([&](std::error_code const& error, std::size_t bytes = 0) {
            outcome.error = error;
            outcome.bytes = bytes;
            is_done = true;
        });
        io.restart();
        constexpr std::chrono::milliseconds k_step{100};
        for (auto now = std::chrono::steady_clock::now(); !is_done && now < deadline && !(should_stop && should_stop());
             now = std::chrono::steady_clock::now())
            io.run_until(std::min(deadline, now + k_step));
        if (is_done) return outcome;
        std::error_code ignored;
        socket.close(ignored);
        io.run();
        outcome.is_late = true;
        return outcome;
    }

    [[nodiscard]] std::string place() const { return fmt::format("{} port {}", printable(access.host), access.port); }

    void connect(Deadline deadline) {
        auto const endpoint = endpoint_of(look_up(access.host, deadline), access.port);
        auto const outcome =
            wait(deadline, [&](auto done) { socket.async_connect(endpoint, [done](std::error_code const& e) { done(e); }); });
        constexpr std::string_view k_advice =
            "is the router on, and is its api service enabled for this machine (/ip service print)?";
        if (outcome.is_late) throw Error{Kind::unavailable, fmt::format("{} does not answer; {}", place(), k_advice)};
        if (outcome.error) throw Error{Kind::unavailable, fmt::format("{}: {}; {}", place(), outcome.error.message(), k_advice)};
        std::error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        socket.set_option(asio::socket_base::keep_alive{true}, ignored);
    }

    void agree_on_keys(Deadline deadline) {
        context.emplace(context_for(access.tls));
        tls.emplace(socket, *context);
        if (access.tls == RouterTls::ca) {
            asio::ssl::host_name_verification const is_host{access.host};
            tls->set_verify_callback([this, is_host](bool is_sound, asio::ssl::verify_context& verify) {
                if (X509_STORE_CTX_get_error_depth(verify.native_handle()) == 0)
                    shown_pin = pin_of(X509_STORE_CTX_get_current_cert(verify.native_handle()));
                return is_host(is_sound, verify);
            });
        }
        if (!parse_address(access.host)) SSL_set_tlsext_host_name(tls->native_handle(), access.host.c_str());
        auto const outcome = wait(deadline, [&](auto done) {
            tls->async_handshake(asio::ssl::stream_base::client, [done](std::error_code const& e) { done(e); });
        });
        if (outcome.is_late)
            throw Error{Kind::unavailable, fmt::format("{} does not speak TLS; api-ssl is usually at port 8729", place())};
        if (outcome.error) throw handshake_error(outcome.error);
        if (access.tls == RouterTls::pin) check_pin();
    }

    [[nodiscard]] Error handshake_error(std::error_code const& error) {
        auto const believed = SSL_get_verify_result(tls->native_handle());
        if (access.tls == RouterTls::ca && !shown_pin.empty()) {
            auto const why = believed == X509_V_OK ? "it is for another host name" : X509_verify_cert_error_string(believed);
            return Error{
                Kind::unavailable,
                fmt::format("{}: the certificate is not believed: {}; if it is the router's own, compare its key and set "
                            "--tls pin --pin {}",
                            place(), why, shown_pin)};
        }
        constexpr std::string_view k_none = "a router without a certificate needs --tls anon, or better a certificate";
        constexpr std::string_view k_some = "--tls anon is for routers without a certificate; with one use ca or pin";
        return Error{Kind::unavailable, fmt::format("{}: no TLS with it: {}; {}", place(), error.message(),
                                                    access.tls == RouterTls::anon ? k_some : k_none)};
    }

    void check_pin() {
        auto* const certificate = SSL_get1_peer_certificate(tls->native_handle());
        auto const found = certificate == nullptr ? std::string{} : pin_of(certificate);
        X509_free(certificate);
        if (found == access.pin) return;
        throw Error{Kind::unavailable,
                    fmt::format("{}: it has another key than the pin says: {}; somebody may be in between. If the router "
                                "was replaced: `routers edit --pin`",
                                place(), found)};
    }
};

RouterStream::RouterStream(RouterAccess const& access, std::function<bool()> should_stop, Deadline deadline)
    : m_impl(std::make_unique<Impl>(access, std::move(should_stop))) {
    m_impl->connect(deadline);
    if (access.tls != RouterTls::off) m_impl->agree_on_keys(deadline);
}

RouterStream::~RouterStream() = default;

void RouterStream::write(std::string_view bytes, Deadline deadline) {
    auto& self = *m_impl;
    auto const outcome = self.wait(deadline, [&](auto done) {
        auto const buffer = asio::buffer(bytes.data(), bytes.size());
        auto const take = [done](std::error_code const& e, std::size_t n) { done(e, n); };
        self.tls ? asio::async_write(*self.tls, buffer, take) : asio::async_write(self.socket, buffer, take);
    });
    if (outcome.is_late) throw Error{Kind::unavailable, "it takes no more bytes; the connection was dropped"};
    if (outcome.error) throw Error{Kind::unavailable, fmt::format("the connection broke: {}", outcome.error.message())};
}

std::string_view RouterStream::read(Deadline deadline) {
    auto& self = *m_impl;
    auto const outcome = self.wait(deadline, [&](auto done) {
        auto const buffer = asio::buffer(self.buffer);
        auto const take = [done](std::error_code const& e, std::size_t n) { done(e, n); };
        self.tls ? self.tls->async_read_some(buffer, take) : self.socket.async_read_some(buffer, take);
    });
    if (outcome.is_late) throw Error{Kind::unavailable, "no answer in time; the connection was dropped"};
    bool const is_end = outcome.error == asio::error::eof || outcome.error == asio::ssl::error::stream_truncated;
    if (is_end) throw Error{Kind::unavailable, "the router closed the connection before its answer was whole"};
    if (outcome.error) throw Error{Kind::unavailable, fmt::format("the connection broke: {}", outcome.error.message())};
    return {self.buffer.data(), outcome.bytes};
}

}  // namespace bioctl::ont
