#pragma once
// Keeps to what a receiver asks of all that is sent to it. Private to the delivery.

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "lib/notify/channel.hpp"

namespace bioctl::app {

/// Thread-safe: several targets may have one receiver.
class Pacer {
public:
    /// Takes a slot and returns `now`, or returns when the next one is free. `before` is asked once for each receiver: when
    /// something was sent to it, ascending, before this process knew it.
    [[nodiscard]] Timestamp take(std::string const& receiver, std::vector<notify::Pace> const& paces, Timestamp now,
                                 std::function<std::vector<Timestamp>()> const& before);

private:
    std::mutex m_mutex;
    std::map<std::string, std::vector<Timestamp>> m_sent;
};

}  // namespace bioctl::app
