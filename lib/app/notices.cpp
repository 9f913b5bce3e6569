#include "lib/app/notices.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/quiet_hours.hpp"
#include "lib/notify/digest.hpp"
#include "lib/notify/notification.hpp"
#include "lib/store/alerts.hpp"
#include "lib/store/notifications.hpp"
#include "lib/store/outbox.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_day_length = 10, k_time_begin = 11, k_time_length = 5;  // of "2026-11-21 07:15:00"

notify::AlertFact fact_of(store::AlertNews const& news) {
    notify::AlertFact fact;
    fact.id = news.alert.id;
    fact.kind = news.alert.kind;
    fact.name = news.alert.name;
    fact.started_at = news.started_at;
    fact.opened_at = news.alert.opened_at;
    // People want to know when it was over, not when that was found out.
    fact.closed_at = news.alert.closed_at && news.ended_at ? news.ended_at : news.alert.closed_at;
    fact.is_acknowledged = news.alert.acked_at.has_value();
    fact.is_told = news.told_down_at.has_value();
    fact.outages = news.outages;
    fact.ongoing = news.ongoing;
    return fact;
}

notify::Notification notification_of(notify::DigestMessage const& message) {
    notify::Notification notification;
    notification.type = message.type;
    notification.cause = message.cause;
    notification.title = message.title;
    notification.lines = message.lines;
    notification.started_at = message.started_at;
    notification.ended_at = message.ended_at;
    if (message.count > 0) notification.counts.emplace_back("onts", message.count);
    return notification;
}

/// Each message has a moment of its own, by which it is counted.
void set_told(store::Store& store, std::int64_t target, notify::DigestMessage const& message, Timestamp at) {
    for (auto const id : message.begun)
        store.alerts().set_told_down(id, target, at);
    for (auto const id : message.ended)
        store.alerts().set_told_up(id, target, at);
}

class Teller {
public:
    Teller(store::Store& store, Timestamp now, Zone const& zone) : m_store(store), m_now(now), m_zone(zone) {}

    Notices tell() {
        tell_one(store::k_notification_list, {}, [this](auto const& message, Timestamp at) { list(message, at); });
        for (auto const& target : m_store.outbox().targets()) {
            bool const wants = std::ranges::find(target.kinds, "notification") != target.kinds.end();
            if (!target.enabled || !wants) continue;
            notify::DigestRules rules;
            rules.after = std::chrono::seconds{target.after_s};
            rules.is_quiet = is_quiet(target.quiet, m_now, m_zone);
            tell_one(target.key, rules, [&](auto const& message, Timestamp at) { queue(target.key, message, at); });
        }
        return m_notices;
    }

private:
    template <class Send>
    void tell_one(std::int64_t target, notify::DigestRules const& rules, Send const& send) {
        std::vector<notify::AlertFact> facts;
        for (auto const& news : m_store.alerts().news(target))
            facts.push_back(fact_of(news));
        if (facts.empty()) return;
        // What seems to lie ahead was told before the clock was set back, and must not silence anybody until it is there again.
        auto const recent = m_store.alerts().messages_between(target, m_now - rules.interval, m_now + rules.interval);
        auto at = m_now;
        for (auto const& message : notify::digest(facts, m_now, rules, recent, [this](Timestamp time) { return show(time); })) {
            send(message, at);
            set_told(m_store, target, message, at);
            at += std::chrono::milliseconds{1};
            ++m_notices.messages;
        }
        // Nobody waits for the list: what is still true in the next round comes into it then.
        if (rules.is_quiet || target == store::k_notification_list) return;
        auto const due = notify::next_due(facts, rules);
        if (due && *due > m_now) m_notices.next_due = m_notices.next_due ? std::min(*m_notices.next_due, *due) : *due;
    }

    void queue(std::int64_t target, notify::DigestMessage const& message, Timestamp at) {
        store::Message queued;
        queued.kind = "notification";
        // The same alerts are never told twice to a target, so they name the message.
        queued.identity = fmt::format("alerts {}", message.begun.empty() ? message.ended.front() : message.begun.front()) +
                          (message.begun.empty() ? " ended" : " begun");
        queued.order_key = "alerts";
        queued.time = at;
        queued.body = notify::to_json(notification_of(message));
        m_store.outbox().queue_message_to(target, queued, m_now);
    }

    void list(notify::DigestMessage const& message, Timestamp at) {
        store::Notification item;
        item.at = at;
        item.type = message.type;
        item.message = message.title;
        for (auto const& line : message.lines)
            item.message += fmt::format("\n{}", line);
        // A message of one line is that line's.
        bool const is_of_one = message.begun.size() + message.ended.size() == 1;
        auto const alert = m_store.alerts().get(message.begun.empty() ? message.ended.front() : message.begun.front());
        if (is_of_one && alert && (alert->kind == "ont" || alert->kind == "parent" || alert->kind == "flapping")) {
            item.ont = alert->subject;
            item.ont_name = alert->name;
        }
        m_store.notifications().add(item);
    }

    /// The time of day, of another day with its date.
    [[nodiscard]] std::string show(Timestamp time) const {
        auto const shown = m_zone.show(time), today = m_zone.show(m_now);
        auto const clock = shown.substr(k_time_begin, k_time_length);
        bool const is_today = shown.substr(0, k_day_length) == today.substr(0, k_day_length);
        return is_today ? clock : fmt::format("{} {}", shown.substr(0, k_day_length), clock);
    }

    store::Store& m_store;
    Timestamp m_now;
    Zone const& m_zone;
    Notices m_notices;
};

}  // namespace

Notices tell_alerts(store::Store& store, Timestamp now, Zone const& zone) {
    return Teller{store, now, zone}.tell();
}

}  // namespace bioctl::app
