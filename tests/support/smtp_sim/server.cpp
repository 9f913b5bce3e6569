#include "tests/support/smtp_sim/server.hpp"

#include <csignal>
#include <cstdlib>
#include <optional>
#include <stdexcept>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "lib/base/bytes.hpp"
#include "lib/base/text.hpp"

namespace bioctl::smtp_sim {

namespace {

constexpr int k_poll_ms = 20;
constexpr std::size_t k_longest_line = 4096, k_largest_message = 16'000'000;

std::string from_base64(std::string_view text) {
    std::string decoded(text.size() + 3, '\0');
    auto const size = ::EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                                        reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
    if (size < 0) return {};
    decoded.resize(static_cast<std::size_t>(size));
    while (decoded.ends_with('\0') && text.ends_with('=')) {
        decoded.pop_back();
        text.remove_suffix(1);
    }
    return decoded;
}

/// "<a@example.org>" behind "MAIL FROM:".
std::string address_in(std::string_view line) {
    auto const open = line.find('<'), close = line.find('>');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
    return std::string{line.substr(open + 1, close - open - 1)};
}

}  // namespace

struct Server::TlsContext {
    SSL_CTX* context = ::SSL_CTX_new(::TLS_server_method());
    ~TlsContext() { ::SSL_CTX_free(context); }
};

/// One client, from its greeting to its end.
class Server::Conversation {
public:
    Conversation(Server& server, int socket) : m_server(server), m_socket(socket) {}
    ~Conversation() {
        if (m_ssl != nullptr) ::SSL_free(m_ssl);
        ::close(m_socket);
    }
    Conversation(Conversation const&) = delete;
    Conversation& operator=(Conversation const&) = delete;

    void hold() {
        if (m_server.m_options.tls == Tls::implicit && !encrypt()) return;
        if (!answer("connect", "220 sim ESMTP")) return;
        while (auto const line = read_line()) {
            if (!obey(*line)) return;
        }
    }

private:
    bool obey(std::string const& line) {
        auto const verb = line.substr(0, line.find(' '));
        {
            std::lock_guard const lock{m_server.m_mutex};
            m_server.m_commands.push_back(verb == "AUTH" ? line.substr(0, line.find(' ', 5)) : line);
        }
        if (verb == "EHLO") return answer(verb, greeting());
        if (verb == "HELO") return answer(verb, "250 sim");
        if (verb == "STARTTLS") return start_tls();
        if (verb == "AUTH") return log_in(line);
        if (verb == "MAIL") return take_sender(line);
        if (verb == "RCPT") return take_recipient(line);
        if (verb == "DATA") return take_message();
        if (verb == "QUIT") {
            answer(verb, "221 bye");
            return false;
        }
        return answer(verb, verb == "RSET" || verb == "NOOP" ? "250 fine" : "502 not known here");
    }

    std::string greeting() const {
        std::string lines = "250-sim";
        if (m_server.m_options.tls == Tls::starttls && m_ssl == nullptr) lines += "\r\n250-STARTTLS";
        if (!m_server.m_options.user.empty()) lines += "\r\n250-AUTH PLAIN LOGIN";
        return lines + "\r\n250 8BITMIME";
    }

    bool start_tls() {
        if (m_server.m_options.tls != Tls::starttls) return answer("STARTTLS", "502 not here");
        return answer("STARTTLS", "220 go ahead") && !m_has_failed && encrypt();
    }

    bool log_in(std::string const& line) {
        auto words = split(line, ' ');
        std::string user, password;
        if (words.size() >= 2 && words[1] == "PLAIN") {
            auto const initial = words.size() > 2 ? words[2] : asked("334 ");
            auto const parts = split(from_base64(initial), '\0');
            if (parts.size() == 3) user = parts[1], password = parts[2];
        } else {
            user = from_base64(words.size() > 2 ? words[2] : asked("334 VXNlcm5hbWU6"));
            password = from_base64(asked("334 UGFzc3dvcmQ6"));
        }
        bool const is_right = user == m_server.m_options.user && password == m_server.m_options.password;
        if (is_right) m_mail.user = user;
        return answer("AUTH", is_right ? "235 welcome" : "535 5.7.8 wrong user or password");
    }

    std::string asked(std::string const& question) {
        send(question + "\r\n");
        return read_line().value_or("");
    }

    bool take_sender(std::string const& line) {
        bool const may_send = m_server.m_options.user.empty() || !m_mail.user.empty();
        if (!may_send) return answer("MAIL", "530 5.7.0 log in first");
        m_mail.from = address_in(line);
        m_mail.to.clear();
        return answer("MAIL", "250 fine");
    }

    bool take_recipient(std::string const& line) {
        auto const address = address_in(line);
        auto const own = "RCPT:" + address;
        bool const has_own = fault(own).has_value();
        if (!answer(has_own ? own : "RCPT", "250 fine")) return false;
        if (!m_has_failed) m_mail.to.push_back(address);
        return true;
    }

    bool take_message() {
        if (m_mail.to.empty()) return answer("DATA", "554 nobody to send it to");
        if (!answer("DATA", "354 go ahead")) return false;
        if (m_has_failed) return true;
        m_mail.data.clear();
        while (auto line = read_line()) {
            if (*line == ".") {
                if (!answer("message", "250 2.0.0 queued as 1")) return false;
                if (m_has_failed) return true;
                m_mail.is_encrypted = m_ssl != nullptr;
                std::lock_guard const lock{m_server.m_mutex};
                m_server.m_received.push_back(m_mail);
                return true;
            }
            if (line->starts_with('.')) line->erase(0, 1);
            m_mail.data += *line + "\r\n";
            if (m_mail.data.size() > k_largest_message) return false;
        }
        return false;
    }

    std::optional<std::string> fault(std::string const& step) const {
        std::lock_guard const lock{m_server.m_mutex};
        auto const found = m_server.m_options.faults.find(step);
        return found == m_server.m_options.faults.end() ? std::nullopt : std::optional{found->second};
    }

    /// False when the conversation is over. m_has_failed tells whether the answer was a fault's.
    bool answer(std::string const& step, std::string const& line) {
        auto const told = fault(step);
        m_has_failed = told.has_value();
        if (!told) return send(line + "\r\n");
        if (*told == "close") return false;
        if (*told != "stall") return send(*told + "\r\n");
        while (read_line()) {
        }
        return false;
    }

    bool encrypt() {
        m_ssl = ::SSL_new(m_server.m_tls->context);
        ::SSL_set_fd(m_ssl, m_socket);
        return ::SSL_accept(m_ssl) == 1;
    }

    bool send(std::string_view bytes) {
        if (m_ssl != nullptr) return ::SSL_write(m_ssl, bytes.data(), static_cast<int>(bytes.size())) > 0;
        while (!bytes.empty()) {
            auto const sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    /// Without its line end; none when the client has gone or the test is over.
    std::optional<std::string> read_line() {
        for (;;) {
            if (auto const end = m_unread.find("\r\n"); end != std::string::npos) {
                auto line = m_unread.substr(0, end);
                m_unread.erase(0, end + 2);
                return line;
            }
            if (m_unread.size() > k_longest_line || !read_more()) return std::nullopt;
        }
    }

    bool read_more() {
        char buffer[4096];
        while (!m_server.m_is_stopping) {
            bool const is_buffered = m_ssl != nullptr && ::SSL_pending(m_ssl) > 0;
            pollfd waiting{m_socket, POLLIN, 0};
            if (!is_buffered && ::poll(&waiting, 1, k_poll_ms) <= 0) continue;
            auto const got = m_ssl != nullptr ? ::SSL_read(m_ssl, &buffer[0], sizeof buffer)
                                              : static_cast<int>(::recv(m_socket, &buffer[0], sizeof buffer, 0));
            if (got <= 0) return false;
            m_unread.append(&buffer[0], static_cast<std::size_t>(got));
            return true;
        }
        return false;
    }

    Server& m_server;
    int m_socket;
    SSL* m_ssl = nullptr;
    std::string m_unread;
    Received m_mail;
    bool m_has_failed = false;
};

Server::Server(Options options) : m_options(std::move(options)) {
    // OpenSSL writes to a client that has gone without asking for no signal. bioctl ignores it too.
    std::signal(SIGPIPE, SIG_IGN);
    if (m_options.tls != Tls::off) make_tls();
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(m_listener, generic, size) != 0 || ::listen(m_listener, 8) != 0 || ::getsockname(m_listener, generic, &size) != 0)
        throw std::runtime_error("no port for the mail server");
    m_port = ntohs(address.sin_port);
    m_thread = std::thread{[this] { run(); }};
}

Server::~Server() {
    m_is_stopping = true;
    m_thread.join();
    ::close(m_listener);
}

void Server::set_faults(Faults faults) {
    std::lock_guard const lock{m_mutex};
    m_options.faults = std::move(faults);
}

std::vector<Received> Server::received() const {
    std::lock_guard const lock{m_mutex};
    return m_received;
}

std::vector<std::string> Server::commands() const {
    std::lock_guard const lock{m_mutex};
    return m_commands;
}

/// A key and a certificate that it signed itself.
void Server::make_tls() {
    auto const key = (m_dir / "key.pem").string(), certificate = (m_dir / "cert.pem").string();
    auto const command =
        "openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=127.0.0.1 -keyout " + key +
        " -out " + certificate + " 2>/dev/null";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("openssl makes no certificate");
    m_tls = std::make_unique<TlsContext>();
    bool const is_loaded = ::SSL_CTX_use_certificate_file(m_tls->context, certificate.c_str(), SSL_FILETYPE_PEM) == 1 &&
                           ::SSL_CTX_use_PrivateKey_file(m_tls->context, key.c_str(), SSL_FILETYPE_PEM) == 1;
    if (!is_loaded) throw std::runtime_error("openssl takes no certificate");
    unsigned char* der = nullptr;
    auto const size = ::i2d_PUBKEY(::SSL_CTX_get0_privatekey(m_tls->context), &der);
    if (size <= 0) throw std::runtime_error("openssl shows no key");
    m_pin = "sha256//" + to_base64(sha256(as_bytes({reinterpret_cast<char const*>(der), static_cast<std::size_t>(size)})).bytes);
    ::OPENSSL_free(der);
}

void Server::run() {
    while (!m_is_stopping) {
        pollfd waiting{m_listener, POLLIN, 0};
        if (::poll(&waiting, 1, k_poll_ms) <= 0) continue;
        int const socket = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket >= 0) Conversation{*this, socket}.hold();
    }
}

}  // namespace bioctl::smtp_sim
