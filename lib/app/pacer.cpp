#include "lib/app/pacer.hpp"

#include <algorithm>

namespace bioctl::app {

Timestamp Pacer::take(std::string const& receiver, std::vector<notify::Pace> const& paces, Timestamp now,
                      std::function<std::vector<Timestamp>()> const& before) {
    std::lock_guard const lock{m_mutex};
    auto const [found, is_new] = m_sent.try_emplace(receiver);
    auto& sent = found->second;
    if (is_new) sent = before();
    // A clock that was set back would stop everything for as long.
    std::erase_if(sent, [&](Timestamp time) { return time > now; });
    auto const slot = notify::next_slot(sent, paces, now);
    if (slot > now) return slot;
    sent.push_back(now);
    std::size_t most = 0;
    for (auto const& pace : paces)
        most = std::max(most, static_cast<std::size_t>(pace.most));
    if (sent.size() > most) sent.erase(sent.begin(), sent.end() - static_cast<std::ptrdiff_t>(most));
    return now;
}

}  // namespace bioctl::app
