#pragma once
// A TCP server for tests that reads HTTP requests and answers whatever bytes it is told: one thread, one connection at a time,
// kept open until either side has enough.

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace bioctl::test {

struct RawRequest {
    int connection = 0;  ///< 1 = the first that was opened
    std::string method, target;
    std::map<std::string, std::string> headers{};  ///< names in lower case
    std::string body{};

    /// "" if there is none.
    [[nodiscard]] std::string header(std::string const& name) const;
    [[nodiscard]] bool is_signed() const { return headers.contains("authorization"); }
    /// A parameter of the Authorization header without its quotes; "(none)" if it is not there.
    [[nodiscard]] std::string login_parameter(std::string const& name) const;
};

struct RawAnswer {
    std::string bytes;
    bool close = false;
    std::chrono::milliseconds pause_before_each_byte{0};
    bool hang = false;  ///< after the bytes, until the client gives up
};

class RawServer {
public:
    using Handler = std::function<RawAnswer(RawRequest const&)>;

    explicit RawServer(Handler handler);
    ~RawServer();
    RawServer(RawServer const&) = delete;
    RawServer& operator=(RawServer const&) = delete;

    [[nodiscard]] std::string url(std::string const& target = "") const;
    [[nodiscard]] std::vector<RawRequest> requests() const;
    [[nodiscard]] int connections() const;
    /// Those that carried credentials: what counts towards a lock.
    [[nodiscard]] int signed_requests() const;

private:
    void run();
    void serve(int socket, int connection);
    bool answer(int socket, RawAnswer const& answer) const;
    bool wait_readable(int socket) const;
    bool read_more(int socket, std::string& into) const;

    Handler m_handler;
    int m_listener = -1, m_port = 0;
    std::atomic<bool> m_is_stopping{false};
    mutable std::mutex m_mutex;
    std::vector<RawRequest> m_requests;
    int m_connections = 0;
    std::thread m_thread;
};

/// "HTTP/1.1 <status> Test", Content-Length, the body.
[[nodiscard]] RawAnswer reply(int status, std::string const& body, std::vector<std::string> const& headers = {});

/// A 401 with a Digest challenge as the terminals write it.
[[nodiscard]] RawAnswer challenge(std::string const& nonce, std::string const& stale = "false", std::string const& body = "");

}  // namespace bioctl::test
