#pragma once
// Who is told what happens, as it happens: live topics for WebSockets. A subscriber that does not keep up is dropped.

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace bioctl::http {

/// What there is to hear.
inline constexpr std::array<std::string_view, 5> k_topics{"recognitions", "events", "devices", "onts", "notifications"};

/// One WebSocket. Called on any thread; hands the message over and returns at once.
class Subscriber {
public:
    virtual ~Subscriber() = default;
    virtual void take(std::shared_ptr<std::string const> const& message) = 0;
};

/// Thread-safe.
class Hub {
public:
    /// Until the subscriber is gone.
    void subscribe(std::vector<std::string_view> const& topics, std::weak_ptr<Subscriber> subscriber);
    /// The same bytes for all of them: they are shared, not copied.
    void publish(std::string_view topic, std::string message);

    [[nodiscard]] std::size_t subscribers() const;
    [[nodiscard]] std::uint64_t published() const { return m_published; }

private:
    struct Seat {
        std::vector<std::string> topics;
        std::weak_ptr<Subscriber> subscriber;
    };
    mutable std::mutex m_mutex;
    std::vector<Seat> m_seats;
    std::atomic<std::uint64_t> m_published{0};
};

}  // namespace bioctl::http
