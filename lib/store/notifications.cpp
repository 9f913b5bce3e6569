#include "lib/store/notifications.hpp"

#include <algorithm>
#include <limits>

#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

#define BIOCTL_NOTIFICATION_COLUMNS "SELECT id, at, type, message, ont, ont_name, is_read FROM notification"

Notification notification_of(Query const& query) {
    Notification notification;
    notification.id = query.integer(0);
    notification.at = from_ms(query.integer(1));
    notification.type = std::string{query.text(2)};
    notification.message = std::string{query.text(3)};
    if (!query.is_null(4)) notification.ont = query.integer(4);
    if (!query.is_null(5)) notification.ont_name = std::string{query.text(5)};
    notification.is_read = query.number(6) != 0;
    return notification;
}

using Limits = std::numeric_limits<std::int64_t>;

}  // namespace

void Notifications::each(NotificationFilter const& filter, std::function<bool(Notification const&)> const& take) const {
    auto const& page = filter.older_than;
    Query query{*m_connection,
                BIOCTL_NOTIFICATION_COLUMNS
                " WHERE clear_batch IS NULL AND (?1 = 0 OR is_read = 0) AND (?2 IS NULL OR type = ?2)"
                " AND at >= ?3 AND (at, id) < (?4, ?5) ORDER BY at DESC, id DESC LIMIT ?6",
                filter.unread_only,
                filter.type ? std::optional<std::string_view>{*filter.type} : std::nullopt,
                filter.since ? to_ms(*filter.since) : Limits::min(),
                page ? to_ms(page->first) : Limits::max(),
                page ? page->second : Limits::max(),
                filter.limit > 0 ? filter.limit : -1};
    while (query.next()) {
        if (!take(notification_of(query))) return;
    }
}

std::vector<Notification> Notifications::list(NotificationFilter const& filter) const {
    std::vector<Notification> notifications;
    each(filter, [&](Notification const& notification) {
        notifications.push_back(notification);
        return true;
    });
    return notifications;
}

std::optional<Notification> Notifications::get(std::int64_t id) const {
    Query query{*m_connection, BIOCTL_NOTIFICATION_COLUMNS " WHERE id = ?", id};
    if (!query.next()) return std::nullopt;
    return notification_of(query);
}

std::int64_t Notifications::newest_id() const {
    return m_connection->integer("SELECT coalesce(max(id), 0) FROM notification");
}

std::vector<Notification> Notifications::after(std::int64_t id, int limit) const {
    std::vector<Notification> notifications;
    Query query{*m_connection, BIOCTL_NOTIFICATION_COLUMNS " WHERE id > ? AND clear_batch IS NULL ORDER BY id DESC LIMIT ?", id,
                limit};
    while (query.next())
        notifications.push_back(notification_of(query));
    std::ranges::reverse(notifications);
    return notifications;
}

std::int64_t Notifications::count_after(std::int64_t id) const {
    Query query{*m_connection, "SELECT count(*) FROM notification WHERE id > ? AND clear_batch IS NULL", id};
    query.next();
    return query.integer(0);
}

#undef BIOCTL_NOTIFICATION_COLUMNS

std::int64_t Notifications::unread() const {
    Query query{*m_connection, "SELECT count(*) FROM notification WHERE clear_batch IS NULL AND is_read = 0"};
    query.next();
    return query.integer(0);
}

std::int64_t Notifications::add(Notification const& notification) {
    Query{
        *m_connection,          "INSERT INTO notification (at, type, message, ont, ont_name, is_read) VALUES (?, ?, ?, ?, ?, ?)",
        to_ms(notification.at), notification.type,
        notification.message,   notification.ont,
        notification.ont_name,  notification.is_read}
        .run();
    return m_connection->last_id();
}

bool Notifications::add_with_id(Notification const& notification) {
    return Query{*m_connection,
                 "INSERT INTO notification (id, at, type, message, ont, ont_name, is_read) VALUES (?, ?, ?, ?, ?, ?, ?)"
                 " ON CONFLICT (id) DO NOTHING",
                 notification.id,
                 to_ms(notification.at),
                 notification.type,
                 notification.message,
                 notification.ont,
                 notification.ont_name,
                 notification.is_read}
               .run() > 0;
}

bool Notifications::show_again(std::int64_t id) {
    return Query{*m_connection, "UPDATE notification SET clear_batch = NULL WHERE id = ? AND clear_batch IS NOT NULL", id}.run() >
           0;
}

bool Notifications::mark_read(std::int64_t id) {
    return Query{*m_connection, "UPDATE notification SET is_read = 1 WHERE id = ? AND clear_batch IS NULL", id}.run() > 0;
}

std::int64_t Notifications::mark_all_read() {
    return Query{*m_connection, "UPDATE notification SET is_read = 1 WHERE clear_batch IS NULL AND is_read = 0"}.run();
}

std::int64_t Notifications::clear(Timestamp now) {
    if (!Query{*m_connection, "SELECT 1 FROM notification WHERE clear_batch IS NULL LIMIT 1"}.next()) return 0;
    Query{*m_connection, "INSERT INTO notification_clear (at) VALUES (?)", to_ms(now)}.run();
    auto const batch = m_connection->last_id();
    auto const cleared = Query{*m_connection, "UPDATE notification SET clear_batch = ? WHERE clear_batch IS NULL", batch}.run();
    Query{*m_connection,
          "DELETE FROM notification_clear WHERE batch NOT IN (SELECT batch FROM notification_clear ORDER BY batch DESC LIMIT ?)",
          k_kept_clears}
        .run();
    Query{*m_connection,
          "DELETE FROM notification WHERE clear_batch IS NOT NULL AND clear_batch NOT IN (SELECT batch FROM notification_clear)"}
        .run();
    return cleared;
}

std::optional<std::int64_t> Notifications::restore() {
    std::int64_t batch = 0;
    {
        Query newest{*m_connection, "SELECT max(batch) FROM notification_clear"};
        if (!newest.next() || newest.is_null(0)) return std::nullopt;
        batch = newest.integer(0);
    }
    auto const restored = Query{*m_connection, "UPDATE notification SET clear_batch = NULL WHERE clear_batch = ?", batch}.run();
    Query{*m_connection, "DELETE FROM notification_clear WHERE batch = ?", batch}.run();
    return restored;
}

}  // namespace bioctl::store
