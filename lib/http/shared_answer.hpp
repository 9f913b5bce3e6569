#pragma once
// One answer for all who ask for the same at about the same time. Private to http/.

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

#include "lib/http/message.hpp"

namespace bioctl::http {

/// For what takes long to find out. Thread-safe.
class SharedAnswer {
public:
    using Moment = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds k_fresh{5};    ///< so long nobody has to ask again
    static constexpr std::chrono::seconds k_oldest{30};  ///< nobody is told anything older, not even while somebody asks

    static constexpr std::chrono::seconds k_patience{2};  ///< with somebody who asks, where there is nothing to be told yet

    explicit SharedAnswer(std::function<Moment()> now = std::chrono::steady_clock::now) : m_now(std::move(now)) {}

    /// What `ask` answers, now or a moment ago. Throws what it throws, and then keeps what was there before; Error{busy} where
    /// somebody else has been asking for longer than patience lasts.
    [[nodiscard]] Reply get(std::function<Reply()> const& ask);

private:
    struct Answer {
        Reply reply;
        Moment at;
    };
    [[nodiscard]] std::optional<Reply> younger_than(std::chrono::seconds age);

    std::function<Moment()> m_now;
    std::timed_mutex m_asking;
    std::mutex m_mutex;  // of the answer
    std::optional<Answer> m_last;
};

}  // namespace bioctl::http
