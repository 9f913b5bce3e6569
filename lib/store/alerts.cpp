#include "lib/store/alerts.hpp"

#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

std::optional<Timestamp> time_of(Query const& query, int column) {
    if (query.is_null(column)) return std::nullopt;
    return from_ms(query.integer(column));
}

Alert alert_of(Query const& query) {
    Alert alert;
    alert.id = query.integer(0);
    alert.kind = query.text(1);
    alert.subject = query.integer(2);
    alert.name = query.text(3);
    alert.opened_at = from_ms(query.integer(4));
    alert.closed_at = time_of(query, 5);
    alert.acked_at = time_of(query, 6);
    return alert;
}

}  // namespace

std::int64_t Alerts::open(std::string_view kind, std::int64_t subject, std::string_view name, Timestamp at) {
    Query known{*m_connection, "SELECT id FROM alert WHERE kind = ? AND subject = ? AND closed_at IS NULL", kind, subject};
    if (known.next()) return known.integer(0);
    Query{*m_connection, "INSERT INTO alert (kind, subject, name, opened_at) VALUES (?, ?, ?, ?)", kind, subject, name, to_ms(at)}
        .run();
    return m_connection->last_id();
}

void Alerts::close(std::int64_t id, Timestamp at) {
    Query{*m_connection, "UPDATE alert SET closed_at = max(opened_at, ?) WHERE id = ? AND closed_at IS NULL", to_ms(at), id}
        .run();
}

void Alerts::close(std::string_view kind, std::int64_t subject, Timestamp at) {
    Query{*m_connection, "UPDATE alert SET closed_at = max(opened_at, ?) WHERE kind = ? AND subject = ? AND closed_at IS NULL",
          to_ms(at), kind, subject}
        .run();
}

bool Alerts::is_open(std::string_view kind, std::int64_t subject) const {
    Query query{*m_connection, "SELECT 1 FROM alert WHERE kind = ? AND subject = ? AND closed_at IS NULL", kind, subject};
    return query.next();
}

std::vector<Alert> Alerts::ongoing() const {
    Query query{*m_connection,
                "SELECT id, kind, subject, name, opened_at, closed_at, acked_at FROM alert WHERE closed_at IS NULL ORDER BY id"};
    std::vector<Alert> alerts;
    while (query.next())
        alerts.push_back(alert_of(query));
    return alerts;
}

std::optional<Alert> Alerts::get(std::int64_t id) const {
    Query query{*m_connection, "SELECT id, kind, subject, name, opened_at, closed_at, acked_at FROM alert WHERE id = ?", id};
    if (!query.next()) return std::nullopt;
    return alert_of(query);
}

std::optional<Timestamp> Alerts::first_start(std::int64_t id) const {
    Query query{*m_connection, "SELECT min(started_at) FROM outage WHERE alert = ?", id};
    query.next();
    return time_of(query, 0);
}

bool Alerts::is_untold(std::int64_t id) const {
    Query query{*m_connection, "SELECT 1 FROM alert_told WHERE alert = ? LIMIT 1", id};
    return !query.next();
}

std::vector<AlertNews> Alerts::news(std::int64_t target) const {
    Query query{
        *m_connection,
        "SELECT id, kind, subject, name, opened_at, closed_at, acked_at, down_at,"
        " (SELECT min(started_at) FROM outage WHERE outage.alert = alert.id),"
        " (SELECT count(*) FROM outage WHERE outage.alert = alert.id AND outage.ont <> subject),"
        " (SELECT count(*) FROM outage WHERE outage.alert = alert.id AND outage.ont <> subject AND ended_at IS NULL),"
        " (SELECT max(ended_at) FROM outage WHERE outage.alert = alert.id AND outage.ont = subject)"
        " FROM alert LEFT JOIN alert_told ON alert_told.alert = alert.id AND target = ?1"
        " WHERE (closed_at IS NULL AND down_at IS NULL) OR (closed_at IS NOT NULL AND down_at IS NOT NULL AND up_at IS NULL)"
        " ORDER BY id",
        target};
    std::vector<AlertNews> news;
    while (query.next()) {
        AlertNews item;
        item.alert = alert_of(query);
        item.told_down_at = time_of(query, 7);
        item.started_at = time_of(query, 8).value_or(item.alert.opened_at);
        item.outages = query.integer(9);
        item.ongoing = query.integer(10);
        item.ended_at = time_of(query, 11);
        news.push_back(std::move(item));
    }
    return news;
}

void Alerts::set_told_down(std::int64_t alert, std::int64_t target, Timestamp at) {
    Query{*m_connection, "INSERT INTO alert_told (alert, target, down_at) VALUES (?, ?, ?)", alert, target, to_ms(at)}.run();
}

void Alerts::set_told_up(std::int64_t alert, std::int64_t target, Timestamp at) {
    Query{*m_connection, "UPDATE alert_told SET up_at = ? WHERE alert = ? AND target = ?", to_ms(at), alert, target}.run();
}

int Alerts::messages_between(std::int64_t target, Timestamp since, Timestamp until) const {
    Query query{*m_connection,
                "SELECT count(*) FROM (SELECT down_at AS at FROM alert_told WHERE target = ?1 AND down_at >= ?2 AND down_at < ?3"
                " UNION SELECT up_at FROM alert_told WHERE target = ?1 AND up_at >= ?2 AND up_at < ?3)",
                target, to_ms(since), to_ms(until)};
    query.next();
    return query.number(0);
}

void Alerts::drop_closed(Timestamp before) {
    Query{*m_connection, "DELETE FROM alert WHERE closed_at < ?", to_ms(before)}.run();
}

}  // namespace bioctl::store
