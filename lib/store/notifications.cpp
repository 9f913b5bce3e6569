#include "lib/store/notifications.hpp"

#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

Notification notification_of(Query const& query) {
    Notification notification;
    notification.id = query.integer(0);
    notification.at = from_ms(query.integer(1));
    notification.type = query.text(2);
    notification.message = query.text(3);
    if (!query.is_null(4)) notification.ont = query.integer(4);
    if (!query.is_null(5)) notification.ont_name = std::string{query.text(5)};
    notification.is_read = query.number(6) != 0;
    return notification;
}

}  // namespace

std::int64_t Notifications::add(Notification const& n) {
    Query{*m_connection, "INSERT INTO notification (at, type, message, ont, ont_name, is_read) VALUES (?, ?, ?, ?, ?, ?)",
          to_ms(n.at),   n.type,
          n.message,     n.ont,
          n.ont_name,    n.is_read}
        .run();
    return m_connection->last_id();
}

void Notifications::each(NotificationFilter const& filter, std::function<bool(Notification const&)> const& take) const {
    std::optional<std::int64_t> since, before_at, before_id;
    if (filter.since) since = to_ms(*filter.since);
    if (filter.before) before_at = to_ms(filter.before->first);
    if (filter.before) before_id = filter.before->second;
    Query query{*m_connection,
                "SELECT id, at, type, message, ont, ont_name, is_read FROM notification WHERE clear_batch IS NULL"
                " AND (?1 = 0 OR is_read = 0) AND (?2 IS NULL OR type = ?2) AND (?3 IS NULL OR at >= ?3)"
                " AND (?4 IS NULL OR (at, id) < (?4, ?5)) ORDER BY at DESC, id DESC LIMIT ?6",
                filter.is_unread,
                filter.type,
                since,
                before_at,
                before_id,
                filter.limit > 0 ? filter.limit : -1};
    while (query.next()) {
        if (!take(notification_of(query))) return;
    }
}

bool Notifications::is_shown(std::int64_t id) const {
    Query query{*m_connection, "SELECT 1 FROM notification WHERE id = ? AND clear_batch IS NULL", id};
    return query.next();
}

bool Notifications::has(Notification const& like) const {
    Query query{*m_connection,
                "SELECT 1 FROM notification WHERE clear_batch IS NULL AND at = ? AND type = ? AND message = ? LIMIT 1",
                to_ms(like.at), like.type, like.message};
    return query.next();
}

std::int64_t Notifications::unread() const {
    Query query{*m_connection, "SELECT count(*) FROM notification WHERE clear_batch IS NULL AND is_read = 0"};
    query.next();
    return query.integer(0);
}

std::int64_t Notifications::mark_read(std::int64_t id) {
    return Query{*m_connection, "UPDATE notification SET is_read = 1 WHERE id = ? AND clear_batch IS NULL AND is_read = 0", id}
        .run();
}

std::int64_t Notifications::mark_all_read() {
    return Query{*m_connection, "UPDATE notification SET is_read = 1 WHERE clear_batch IS NULL AND is_read = 0"}.run();
}

std::int64_t Notifications::clear(Timestamp now) {
    Query any{*m_connection, "SELECT 1 FROM notification WHERE clear_batch IS NULL LIMIT 1"};
    if (!any.next()) return 0;
    Query{*m_connection, "INSERT INTO notification_clear (at) VALUES (?)", to_ms(now)}.run();
    return Query{*m_connection, "UPDATE notification SET clear_batch = ? WHERE clear_batch IS NULL", m_connection->last_id()}
        .run();
}

std::int64_t Notifications::restore() {
    Query last{*m_connection, "SELECT max(batch) FROM notification_clear"};
    if (!last.next() || last.is_null(0)) return 0;
    auto const batch = last.integer(0);
    auto const restored = Query{*m_connection, "UPDATE notification SET clear_batch = NULL WHERE clear_batch = ?", batch}.run();
    Query{*m_connection, "DELETE FROM notification_clear WHERE batch = ?", batch}.run();
    return restored;
}

void Notifications::prune(int keep) {
    Query{*m_connection,
          "DELETE FROM notification_clear WHERE batch NOT IN"
          " (SELECT batch FROM notification_clear ORDER BY batch DESC LIMIT ?)",
          keep}
        .run();
    Query{*m_connection,
          "DELETE FROM notification WHERE clear_batch IS NOT NULL AND clear_batch NOT IN (SELECT batch FROM notification_clear)"}
        .run();
}

}  // namespace bioctl::store
