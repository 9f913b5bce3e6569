#include "lib/http/shared_answer.hpp"

#include "lib/base/error.hpp"

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
        // Few can wait at once, and a login must not stand behind them.
        if (!asking.try_lock_for(k_patience))
            throw Error{Kind::busy, "this is being found out for somebody else; try again in a moment"};
    }
    if (auto known = younger_than(k_fresh)) return std::move(*known);
    auto reply = ask();
    std::lock_guard const lock{m_mutex};
    m_last = Answer{.reply = reply, .at = m_now()};
    return reply;
}

}  // namespace bioctl::http
