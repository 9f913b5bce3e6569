#pragma once
// An HTTP server for tests: one thread, one connection at a time, on a free port of 127.0.0.1.

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace bioctl::test {

struct HttpRequest {
    std::string target;                          ///< "/file.onnx"
    std::map<std::string, std::string> headers;  ///< names in lower case
};

struct HttpAnswer {
    int status = 200;
    std::vector<std::string> headers{};  ///< "ETag: \"1\""; Content-Length is added
    std::string body{};
    std::size_t cut_after = std::string::npos;  ///< close the connection after so many bytes of the body
};

class FileServer {
public:
    using Handler = std::function<HttpAnswer(HttpRequest const&)>;

    explicit FileServer(Handler handler);
    ~FileServer();
    FileServer(FileServer const&) = delete;
    FileServer& operator=(FileServer const&) = delete;

    [[nodiscard]] std::string url(std::string const& target) const;
    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] std::vector<HttpRequest> requests() const;

private:
    void run();
    void serve(int connection);

    Handler m_handler;
    int m_listener = -1;
    int m_port = 0;
    std::atomic<bool> m_is_stopping{false};
    mutable std::mutex m_mutex;
    std::vector<HttpRequest> m_requests;
    std::thread m_thread;
};

/// The answer of a server that knows ETag, Range and If-Range, for one content.
[[nodiscard]] HttpAnswer answer_with_ranges(HttpRequest const& request, std::string const& content, std::string const& etag);

}  // namespace bioctl::test
