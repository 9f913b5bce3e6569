#pragma once
// A peer that says one thing to everybody who connects, whatever they ask, and hangs up: for clients that read what a server
// sends.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace bioctl::fuzz {

/// Listens on loopback until the end. Thread-safe.
class ReplayServer {
public:
    ReplayServer();
    ~ReplayServer();
    ReplayServer(ReplayServer const&) = delete;
    ReplayServer& operator=(ReplayServer const&) = delete;

    /// For connections from now on.
    void say(std::string_view bytes);
    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] std::string url(std::string_view path) const;

private:
    void run();
    void serve(int socket) const;

    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::atomic<bool> m_is_stopping{false};
    mutable std::mutex m_mutex;
    std::string m_words;
    std::thread m_thread;
};

}  // namespace bioctl::fuzz
