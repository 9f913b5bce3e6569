#pragma once
// How fast messages may follow each other where the receiver sets a limit.

#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <span>
#include <string>

#include "lib/base/clock.hpp"

namespace bioctl::notify {

struct PaceRules {
    std::string key{};  ///< what the limit is of: targets with the same key share it
    std::chrono::milliseconds gap{0};
    std::size_t most = 0;  ///< within the window; 0 = no such limit
    std::chrono::milliseconds window{0};
};

/// Remembers when messages went out. Thread-safe.
class Pacer {
public:
    /// What went out in an earlier run, in any order.
    void remember(PaceRules const& rules, std::span<Timestamp const> times);

    /// 0: the message may go out now, and counts as gone. Else how long to wait before asking again.
    [[nodiscard]] std::chrono::milliseconds reserve(PaceRules const& rules, Timestamp now);

private:
    std::mutex m_mutex;
    std::map<std::string, std::deque<Timestamp>> m_gone;  // oldest first
};

}  // namespace bioctl::notify
