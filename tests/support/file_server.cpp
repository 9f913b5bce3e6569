#include "tests/support/file_server.hpp"

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

constexpr int k_poll_ms = 50;
constexpr std::size_t k_max_head = 64 * 1024;

std::string read_head(int connection) {
    std::string head;
    char c = 0;
    while (head.size() < k_max_head && !head.ends_with("\r\n\r\n") && ::recv(connection, &c, 1, 0) == 1)
        head += c;
    return head;
}

HttpRequest parse_head(std::string const& head) {
    HttpRequest request;
    std::istringstream in{head};
    std::string method, line;
    in >> method >> request.target;
    std::getline(in, line);
    while (std::getline(in, line)) {
        if (auto const colon = line.find(':'); colon != std::string::npos)
            request.headers[to_lower_ascii(line.substr(0, colon))] = std::string{trim(line.substr(colon + 1))};
    }
    return request;
}

void send_all(int connection, std::string_view text) {
    while (!text.empty()) {
        auto const sent = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
}

}  // namespace

FileServer::FileServer(Handler handler) : m_handler(std::move(handler)) {
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

FileServer::~FileServer() {
    m_is_stopping = true;
    m_thread.join();
    ::close(m_listener);
}

std::string FileServer::url(std::string const& target) const {
    return "http://127.0.0.1:" + std::to_string(m_port) + target;
}

std::vector<HttpRequest> FileServer::requests() const {
    std::lock_guard const lock{m_mutex};
    return m_requests;
}

void FileServer::run() {
    while (!m_is_stopping) {
        pollfd waiting{m_listener, POLLIN, 0};
        if (::poll(&waiting, 1, k_poll_ms) <= 0) continue;
        int const connection = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) continue;
        serve(connection);
        ::close(connection);
    }
}

void FileServer::serve(int connection) {
    auto const request = parse_head(read_head(connection));
    {
        std::lock_guard const lock{m_mutex};
        m_requests.push_back(request);
    }
    auto const answer = m_handler(request);
    std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " Test\r\nConnection: close\r\n";
    for (auto const& line : answer.headers)
        head += line + "\r\n";
    send_all(connection, head + "Content-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n");
    send_all(connection, std::string_view{answer.body}.substr(0, answer.cut_after));
}

HttpAnswer answer_with_ranges(HttpRequest const& request, std::string const& content, std::string const& etag) {
    auto const tag = "ETag: " + etag;
    auto const range = request.headers.find("range"), if_range = request.headers.find("if-range");
    bool const is_same = if_range == request.headers.end() || if_range->second == etag;
    if (range == request.headers.end() || !is_same) return {.status = 200, .headers = {tag}, .body = content};
    auto const start = static_cast<std::size_t>(std::stoul(range->second.substr(std::string{"bytes="}.size())));
    auto const size = std::to_string(content.size());
    if (start >= content.size()) return {.status = 416, .headers = {"Content-Range: bytes */" + size}};
    auto const covered = "Content-Range: bytes " + std::to_string(start) + '-' + std::to_string(content.size() - 1) + '/' + size;
    return {.status = 206, .headers = {tag, covered}, .body = content.substr(start)};
}

}  // namespace bioctl::test
