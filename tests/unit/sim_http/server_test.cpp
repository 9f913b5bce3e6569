#include <array>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/support/sim_http/server.hpp"

using namespace bioctl::sim_http;

namespace {

/// A server on a thread of its own whose reply a test decides.
class Running {
public:
    explicit Running(Server::Handler handler) : m_server(m_loop, 0, std::move(handler)), m_thread([this] { m_loop.run(); }) {}
    ~Running() {
        m_loop.stop();
        m_thread.join();
    }
    Running(Running const&) = delete;
    Running& operator=(Running const&) = delete;
    [[nodiscard]] std::uint16_t port() const { return m_server.port(); }

private:
    Loop m_loop;
    Server m_server;
    std::thread m_thread;
};

/// What comes back for these bytes until the server closes, or until `wanted` has come.
std::string talk(std::uint16_t port, std::string_view bytes, std::string_view wanted = "") {
    int const client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    timeval const patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string answer;
    std::array<char, 4096> buffer{};
    if (::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
        ::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL) >= 0) {
        ssize_t got = 0;
        while ((wanted.empty() || answer.find(wanted) == std::string::npos) &&
               (got = ::recv(client, buffer.data(), buffer.size(), 0)) > 0)
            answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
    ::close(client);
    return answer;
}

Reply echo(Request const& request) {
    return {.content_type = "text/plain", .body = "<" + request.body + ">"};
}

}  // namespace

TEST_CASE("a head that never ends is refused at the cap", "[sim_http]") {
    Running const server{echo};
    CHECK(talk(server.port(), "GET / HTTP/1.1\r\nX: " + std::string(20000, 'x')).starts_with("HTTP/1.1 431 "));
}

TEST_CASE("a handler that throws costs its client the answer, not the others the server", "[sim_http]") {
    Running const server{[](Request const& request) {
        if (request.path == "/bad") throw std::runtime_error("a bug");
        return echo(request);
    }};
    CHECK(talk(server.port(), "GET /bad HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 500 "));
    CHECK(talk(server.port(), "GET / HTTP/1.1\r\n\r\n", "<>").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("a cut answer announces the whole body and sends half", "[sim_http]") {
    Running const server{[](Request const&) { return Reply{.body = "12345678", .ending = Ending::cut}; }};
    auto const answer = talk(server.port(), "GET / HTTP/1.1\r\n\r\n");
    CHECK(answer.find("Content-Length: 8\r\n") != std::string::npos);
    CHECK(answer.ends_with("\r\n\r\n1234"));
}

TEST_CASE("a dropped request gets no byte", "[sim_http]") {
    Running const server{[](Request const&) { return Reply{.ending = Ending::drop}; }};
    CHECK(talk(server.port(), "GET / HTTP/1.1\r\n\r\n").empty());
}

TEST_CASE("chunks, announced lengths and 100-continue give the handler the same body", "[sim_http]") {
    Running const server{echo};
    CHECK(talk(server.port(), "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
               "<abcde>")
              .ends_with("<abcde>"));
    auto const continued =
        talk(server.port(), "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nabcde", "<abcde>");
    CHECK(continued.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
}

TEST_CASE("a connection serves one request after another until the client says close", "[sim_http]") {
    Running const server{echo};
    auto const answers = talk(server.port(),
                              "POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\na"
                              "POST / HTTP/1.1\r\nContent-Length: 1\r\nConnection: close\r\n\r\nb");
    CHECK(answers.find("Connection: keep-alive\r\n\r\n<a>") != std::string::npos);
    CHECK(answers.ends_with("Connection: close\r\n\r\n<b>"));
}
