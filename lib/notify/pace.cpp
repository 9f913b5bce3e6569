#include "lib/notify/pace.hpp"

#include <algorithm>

namespace bioctl::notify {

namespace {

constexpr std::size_t k_most_remembered = 100;

}  // namespace

void Pacer::remember(PaceRules const& rules, std::span<Timestamp const> times) {
    std::lock_guard const lock{m_mutex};
    auto& gone = m_gone[rules.key];
    for (auto const time : times) {
        if (std::ranges::find(gone, time) == gone.end()) gone.push_back(time);
    }
    std::ranges::sort(gone);
    while (gone.size() > k_most_remembered)
        gone.pop_front();
}

std::chrono::milliseconds Pacer::reserve(PaceRules const& rules, Timestamp now) {
    std::lock_guard const lock{m_mutex};
    auto& gone = m_gone[rules.key];
    // A clock that was set back must not silence anybody until it is there again.
    while (!gone.empty() && gone.back() > now)
        gone.pop_back();
    std::chrono::milliseconds wait{0};
    if (!gone.empty()) wait = gone.back() + rules.gap - now;
    if (rules.most > 0 && gone.size() >= rules.most) wait = std::max(wait, gone[gone.size() - rules.most] + rules.window - now);
    if (wait.count() > 0) return wait;
    gone.push_back(now);
    if (gone.size() > k_most_remembered) gone.pop_front();
    return std::chrono::milliseconds{0};
}

}  // namespace bioctl::notify
