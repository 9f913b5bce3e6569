#include "tests/fuzz/replay_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.hpp"

namespace bioctl::fuzz {

namespace {

bool is_readable(int socket) {
    constexpr int k_poll_ms = 50;
    pollfd waiting{socket, POLLIN, 0};
    return ::poll(&waiting, 1, k_poll_ms) > 0;
}

}  // namespace

ReplayServer::ReplayServer() : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    bool const is_listening = ::bind(m_listener, generic, size) == 0 && ::listen(m_listener, SOMAXCONN) == 0 &&
                              ::getsockname(m_listener, generic, &size) == 0;
    require(is_listening, "the peer has a port");
    m_port = ntohs(address.sin_port);
    m_thread = std::thread{[this] { run(); }};
}

ReplayServer::~ReplayServer() {
    m_is_stopping = true;
    m_thread.join();
    ::close(m_listener);
}

void ReplayServer::say(std::string_view bytes) {
    std::lock_guard const lock{m_mutex};
    m_words = bytes;
}

std::string ReplayServer::url(std::string_view path) const {
    return fmt::format("http://127.0.0.1:{}{}", m_port, path);
}

void ReplayServer::run() {
    while (!m_is_stopping) {
        if (!is_readable(m_listener)) continue;
        int const socket = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) continue;
        serve(socket);
        ::close(socket);
    }
}

void ReplayServer::serve(int socket) const {
    {
        std::lock_guard const lock{m_mutex};
        std::string_view left = m_words;
        while (!left.empty()) {
            auto const sent = ::send(socket, left.data(), left.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            left.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    ::shutdown(socket, SHUT_WR);
    // To close on bytes that were not read would take back what was said.
    char buffer[4096];
    while (!m_is_stopping && is_readable(socket) && ::recv(socket, &buffer[0], sizeof buffer, 0) > 0) {
    }
}

}  // namespace bioctl::fuzz
