#include "tests/support/raw_server.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/text.hpp"

namespace bioctl::test {

namespace {

constexpr int k_poll_ms = 20;

RawRequest parse_head(std::string const& head) {
    RawRequest request;
    std::istringstream in{head};
    std::string line;
    in >> request.method >> request.target;
    std::getline(in, line);
    while (std::getline(in, line)) {
        if (auto const colon = line.find(':'); colon != std::string::npos)
            request.headers[to_lower_ascii(line.substr(0, colon))] = std::string{trim(line.substr(colon + 1))};
    }
    return request;
}

bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        auto const sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

}  // namespace

std::string RawRequest::header(std::string const& name) const {
    auto const found = headers.find(name);
    return found == headers.end() ? "" : found->second;
}

std::string RawRequest::login_parameter(std::string const& name) const {
    auto const login = header("authorization");
    auto at = login.find(' ' + name + '=');
    if (at == std::string::npos) return "(none)";
    at += name.size() + 2;
    if (login[at] != '"') return login.substr(at, login.find(',', at) - at);
    return login.substr(at + 1, login.find('"', at + 1) - at - 1);
}

RawServer::RawServer(Handler handler) : m_handler(std::move(handler)) {
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(m_listener, generic, size) != 0 || ::listen(m_listener, 8) != 0 || ::getsockname(m_listener, generic, &size) != 0)
        throw std::runtime_error("no port for the test server");
    m_port = ntohs(address.sin_port);
    m_thread = std::thread{[this] { run(); }};
}

RawServer::~RawServer() {
    m_is_stopping = true;
    m_thread.join();
    ::close(m_listener);
}

std::string RawServer::url(std::string const& target) const {
    return "http://127.0.0.1:" + std::to_string(m_port) + target;
}

std::vector<RawRequest> RawServer::requests() const {
    std::lock_guard const lock{m_mutex};
    return m_requests;
}

int RawServer::connections() const {
    std::lock_guard const lock{m_mutex};
    return m_connections;
}

int RawServer::signed_requests() const {
    auto const all = requests();
    return static_cast<int>(std::count_if(all.begin(), all.end(), [](RawRequest const& one) { return one.is_signed(); }));
}

void RawServer::run() {
    while (!m_is_stopping) {
        if (!wait_readable(m_listener)) continue;
        int const socket = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) continue;
        int connection = 0;
        {
            std::lock_guard const lock{m_mutex};
            connection = ++m_connections;
        }
        serve(socket, connection);
        ::close(socket);
    }
}

bool RawServer::wait_readable(int socket) const {
    pollfd waiting{socket, POLLIN, 0};
    return ::poll(&waiting, 1, k_poll_ms) > 0;
}

/// False when the client has closed or the test is over.
bool RawServer::read_more(int socket, std::string& into) const {
    while (!m_is_stopping) {
        if (!wait_readable(socket)) continue;
        char buffer[4096];
        auto const got = ::recv(socket, &buffer[0], sizeof buffer, 0);
        if (got <= 0) return false;
        into.append(&buffer[0], static_cast<std::size_t>(got));
        return true;
    }
    return false;
}

void RawServer::serve(int socket, int connection) {
    std::string unread;
    while (true) {
        auto end = unread.find("\r\n\r\n");
        while (end == std::string::npos) {
            if (!read_more(socket, unread)) return;
            end = unread.find("\r\n\r\n");
        }
        auto request = parse_head(unread.substr(0, end + 2));
        request.connection = connection;
        unread.erase(0, end + 4);
        auto const length = request.headers.contains("content-length") ? std::stoul(request.header("content-length")) : 0;
        while (unread.size() < length) {
            if (!read_more(socket, unread)) return;
        }
        request.body = unread.substr(0, length);
        unread.erase(0, length);
        {
            std::lock_guard const lock{m_mutex};
            m_requests.push_back(request);
        }
        if (!answer(socket, m_handler(request))) return;
    }
}

/// False when the connection is to be closed.
bool RawServer::answer(int socket, RawAnswer const& answer) const {
    if (answer.pause_before_each_byte.count() == 0 && !send_all(socket, answer.bytes)) return false;
    if (answer.pause_before_each_byte.count() > 0) {
        for (char const c : answer.bytes) {
            std::this_thread::sleep_for(answer.pause_before_each_byte);
            if (m_is_stopping || !send_all(socket, {&c, 1})) return false;
        }
    }
    std::string ignored;
    while (answer.hang && read_more(socket, ignored)) {
    }
    return !answer.close && !answer.hang;
}

RawAnswer reply(int status, std::string const& body, std::vector<std::string> const& headers) {
    auto bytes = "HTTP/1.1 " + std::to_string(status) + " Test\r\n";
    for (auto const& line : headers)
        bytes += line + "\r\n";
    return {.bytes = bytes + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
}

RawAnswer challenge(std::string const& nonce, std::string const& stale, std::string const& body) {
    return reply(401, body,
                 {"WWW-Authenticate: Digest qop=\"auth\", realm=\"DS-6E392E44\", nonce=\"" + nonce + "\", stale=\"" + stale +
                  "\", opaque=\"\", domain=\"::\""});
}

}  // namespace bioctl::test
