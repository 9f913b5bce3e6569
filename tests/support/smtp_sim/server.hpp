#pragma once
// A mail server for tests: SMTP over TCP with STARTTLS or TLS from the start, AUTH PLAIN and LOGIN, and every way to fail. One
// thread, one connection after the other; what it got is kept.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/temp_dir.hpp"

namespace bioctl::smtp_sim {

enum class Tls { off, starttls, implicit };

/// At a step ("connect", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "message") the server answers with a line of its
/// own, or with "stall" (nothing more) or "close". A step "RCPT:<address>" is for that recipient only.
using Faults = std::map<std::string, std::string>;

struct Options {
    Tls tls = Tls::off;
    std::string user{}, password{};  ///< "" = no login is asked for
    Faults faults{};
};

struct Received {
    std::string from;
    std::vector<std::string> to;
    std::string data;  ///< as the client wrote it, dots unstuffed
    std::string user;  ///< who had logged in, "" = nobody
    bool is_encrypted = false;
};

class Server {
public:
    /// Listens on 127.0.0.1. Throws std::runtime_error.
    explicit Server(Options options);
    ~Server();
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;

    void set_faults(Faults faults);
    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] std::string pin() const { return m_pin; }  ///< "sha256//..." of its key, "" without TLS
    [[nodiscard]] std::vector<Received> received() const;
    /// Every command line that came, AUTH without its secrets.
    [[nodiscard]] std::vector<std::string> commands() const;

private:
    struct TlsContext;
    class Conversation;
    friend class Conversation;
    void make_tls();
    void run();

    test::TempDir m_dir;
    Options m_options;
    std::unique_ptr<TlsContext> m_tls;
    std::string m_pin;
    int m_listener = -1, m_port = 0;
    std::atomic<bool> m_is_stopping{false};
    mutable std::mutex m_mutex;
    std::vector<Received> m_received;
    std::vector<std::string> m_commands;
    std::thread m_thread;
};

}  // namespace bioctl::smtp_sim
