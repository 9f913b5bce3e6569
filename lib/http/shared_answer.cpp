#include "lib/http/shared_answer.hpp"

namespace bioctl::http {

std::optional<Reply> SharedAnswer::younger_than(std::chrono::seconds age) {
    std::lock_guard const lock{m_mutex};
    if (!m_last || m_now() - m_last->at >= age) return std::nullopt;
    return m_last->reply;
}

Reply SharedAnswer::get(std::function<Reply()> const& ask) {
    if (auto known = younger_than(k_fresh)) return std::move(*known);
    std::unique_lock asking{m_asking, std::try_to_lock};
    if (!asking) {
        // Somebody else is at it, and it may take long: what he was told the last time is better than one more worker that waits.
        if (auto known = younger_than(k_oldest)) return std::move(*known);
        asking.lock();
    }
    if (auto known = younger_than(k_fresh)) return std::move(*known);
    auto reply = ask();
    std::lock_guard const lock{m_mutex};
    m_last = Answer{.reply = reply, .at = m_now()};
    return reply;
}

}  // namespace bioctl::http
