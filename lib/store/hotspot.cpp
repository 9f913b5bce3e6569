#include "lib/store/hotspot.hpp"

#include <limits>

#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

#define BIOCTL_SESSION_COLUMNS                                                                                \
    "SELECT s.id, s.router, router.name, s.server, s.session, s.mac, s.ip, s.user, s.login_by, s.started_at," \
    " s.last_seen, s.ended_at, s.bytes_in, s.bytes_out, s.counter_in, s.counter_out, s.uptime_s"              \
    " FROM hotspot_session AS s JOIN router ON router.key = s.router"

// Bound 1 is always a number: with "or none" no index would be looked at.
#define BIOCTL_SESSION_CHOICE                                                                             \
    " WHERE s.last_seen >= ?1 AND (?2 IS NULL OR s.started_at < ?2) AND (?3 IS NULL OR router.name = ?3)" \
    " AND (?4 IS NULL OR s.server = ?4) AND (?5 = 0 OR s.ended_at IS NULL)"

constexpr std::int64_t k_hour_ms = 3'600'000;

std::string text_of(Query const& query, int column) {
    return std::string{query.text(column)};
}

std::int64_t since_ms(HotspotFilter const& filter) {
    return filter.since ? to_ms(*filter.since) : std::numeric_limits<std::int64_t>::min();
}

std::optional<std::int64_t> ms_of(std::optional<Timestamp> const& time) {
    if (!time) return std::nullopt;
    return to_ms(*time);
}

std::optional<std::string_view> view_of(std::optional<std::string> const& text) {
    if (!text) return std::nullopt;
    return *text;
}

HotspotSession session_of(Query const& query) {
    HotspotSession session;
    session.id = query.integer(0);
    session.router = query.integer(1);
    session.router_name = text_of(query, 2);
    session.server = text_of(query, 3);
    session.session = text_of(query, 4);
    session.mac = text_of(query, 5);
    session.ip = text_of(query, 6);
    session.user = text_of(query, 7);
    session.login_by = text_of(query, 8);
    session.started_at = from_ms(query.integer(9));
    session.last_seen = from_ms(query.integer(10));
    if (!query.is_null(11)) session.ended_at = from_ms(query.integer(11));
    session.bytes_in = query.integer(12);
    session.bytes_out = query.integer(13);
    session.counter_in = query.integer(14);
    session.counter_out = query.integer(15);
    session.uptime_s = query.integer(16);
    return session;
}

}  // namespace

std::vector<HotspotSession> Hotspot::open_sessions(std::int64_t router) const {
    Query query{*m_connection, BIOCTL_SESSION_COLUMNS " WHERE s.router = ? AND s.ended_at IS NULL", router};
    std::vector<HotspotSession> sessions;
    while (query.next())
        sessions.push_back(session_of(query));
    return sessions;
}

std::optional<HotspotSession> Hotspot::last_ended(std::int64_t router, std::string_view session, std::string_view mac) const {
    Query query{*m_connection,
                BIOCTL_SESSION_COLUMNS " WHERE s.mac = ? AND s.router = ? AND s.session = ? ORDER BY s.started_at DESC LIMIT 1",
                mac, router, session};
    if (!query.next()) return std::nullopt;
    auto found = session_of(query);
    return found.ended_at ? std::optional{std::move(found)} : std::nullopt;
}

std::int64_t Hotspot::add(HotspotSession const& session) {
    Query{*m_connection,
          "INSERT INTO hotspot_session (router, server, session, mac, ip, user, login_by, started_at, last_seen, bytes_in,"
          " bytes_out, counter_in, counter_out, uptime_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          session.router,
          session.server,
          session.session,
          session.mac,
          session.ip,
          session.user,
          session.login_by,
          to_ms(session.started_at),
          to_ms(session.last_seen),
          session.bytes_in,
          session.bytes_out,
          session.counter_in,
          session.counter_out,
          session.uptime_s}
        .run();
    return m_connection->last_id();
}

void Hotspot::update(HotspotSession const& session) {
    Query{*m_connection,
          "UPDATE hotspot_session SET server = ?2, ip = ?3, user = ?4, last_seen = ?5, bytes_in = ?6, bytes_out = ?7,"
          " counter_in = ?8, counter_out = ?9, uptime_s = ?10, ended_at = NULL WHERE id = ?1",
          session.id,
          session.server,
          session.ip,
          session.user,
          to_ms(session.last_seen),
          session.bytes_in,
          session.bytes_out,
          session.counter_in,
          session.counter_out,
          session.uptime_s}
        .run();
}

void Hotspot::end(std::int64_t id) {
    Query{*m_connection, "UPDATE hotspot_session SET ended_at = last_seen WHERE id = ? AND ended_at IS NULL", id}.run();
}

void Hotspot::end_unseen(std::int64_t router, Timestamp since) {
    Query{*m_connection,
          "UPDATE hotspot_session SET ended_at = last_seen WHERE router = ? AND ended_at IS NULL AND last_seen < ?", router,
          to_ms(since)}
        .run();
}

void Hotspot::set_count(HotspotCount const& count) {
    Query{*m_connection,
          "INSERT INTO hotspot_count (router, server, at, users) VALUES (?1, ?2, ?3, ?4)"
          " ON CONFLICT (at, router, server) DO UPDATE SET users = ?4",
          count.router,
          count.server,
          to_ms(count.at),
          count.users}
        .run();
}

void Hotspot::each_count(HotspotFilter const& filter, std::function<bool(HotspotCount const&)> const& take) const {
    Query query{*m_connection,
                "SELECT c.router, c.server, c.at, c.users FROM hotspot_count AS c JOIN router ON router.key = c.router"
                " WHERE c.at >= ?1 AND c.at < ?2 AND (?3 IS NULL OR router.name = ?3) AND (?4 IS NULL OR c.server = ?4)"
                " ORDER BY c.at, c.router, c.server",
                ms_of(filter.since).value_or(0),
                ms_of(filter.until).value_or(INT64_MAX),
                view_of(filter.router),
                view_of(filter.server)};
    while (query.next()) {
        HotspotCount count;
        count.router = query.integer(0);
        count.server = text_of(query, 1);
        count.at = from_ms(query.integer(2));
        count.users = query.integer(3);
        if (!take(count)) return;
    }
}

void Hotspot::each_session(HotspotFilter const& filter, std::function<bool(HotspotSession const&)> const& take) const {
    // Where there is an end to look back to, the few that it leaves are sorted, rather than all read in order.
    Query query{*m_connection,
                filter.since ? BIOCTL_SESSION_COLUMNS BIOCTL_SESSION_CHOICE " ORDER BY +s.started_at, s.id LIMIT ?6"
                             : BIOCTL_SESSION_COLUMNS BIOCTL_SESSION_CHOICE " ORDER BY s.started_at, s.id LIMIT ?6",
                since_ms(filter),
                ms_of(filter.until),
                view_of(filter.router),
                view_of(filter.server),
                filter.is_open_only,
                filter.limit};
    while (query.next()) {
        if (!take(session_of(query))) return;
    }
}

std::int64_t Hotspot::devices(HotspotFilter const& filter) const {
    Query query{*m_connection,
                "SELECT count(DISTINCT s.mac) FROM hotspot_session AS s"
                " JOIN router ON router.key = s.router" BIOCTL_SESSION_CHOICE " AND s.mac <> ''",
                since_ms(filter),
                ms_of(filter.until),
                view_of(filter.router),
                view_of(filter.server),
                filter.is_open_only};
    query.next();
    return query.integer(0);
}

void Hotspot::drop(Timestamp before) {
    Query{*m_connection, "DELETE FROM hotspot_count WHERE at < ?", to_ms(before)}.run();
    Query{*m_connection, "DELETE FROM hotspot_session WHERE started_at < ?1 AND last_seen < ?1", to_ms(before)}.run();
}

void Hotspot::thin_counts(Timestamp since, Timestamp until, std::optional<std::int64_t> posting) {
    Query{*m_connection,
          "DELETE FROM hotspot_count WHERE at >= ?1 AND at < ?2 AND EXISTS (SELECT 1 FROM hotspot_count AS earlier"
          " WHERE earlier.at >= hotspot_count.at / ?3 * ?3 AND earlier.at < hotspot_count.at"
          " AND earlier.router = hotspot_count.router AND (earlier.router <> ?4 OR earlier.server = hotspot_count.server))",
          to_ms(since),
          to_ms(until),
          k_hour_ms,
          posting.value_or(0)}
        .run();
}

std::optional<Timestamp> Hotspot::thinned_until() const {
    Query known{*m_connection, "SELECT value FROM meta WHERE key = 'hotspot_thinned_until'"};
    if (known.next()) return from_ms(known.integer(0));
    Query oldest{*m_connection, "SELECT min(at) / ?1 * ?1 FROM hotspot_count", k_hour_ms};
    if (!oldest.next() || oldest.is_null(0)) return std::nullopt;
    return from_ms(oldest.integer(0));
}

void Hotspot::set_thinned_until(Timestamp time) {
    Query{*m_connection,
          "INSERT INTO meta (key, value) VALUES ('hotspot_thinned_until', ?) ON CONFLICT (key) DO UPDATE SET value ="
          " excluded.value",
          to_ms(time)}
        .run();
}

std::vector<HotspotUsage> Hotspot::top(HotspotFilter const& filter, std::int64_t limit) const {
    // Of a group with max(), SQLite takes the other columns from the row that has it. sum() would fail where a router claims more
    // than an integer holds; total() is exact up to 9 PB.
    Query query{*m_connection,
                "SELECT s.mac, s.user, router.name, count(*), CAST(min(total(s.bytes_in), 9e18) AS INTEGER),"
                " CAST(min(total(s.bytes_out), 9e18) AS INTEGER), max(s.last_seen)"
                " FROM hotspot_session AS s JOIN router ON router.key = s.router" BIOCTL_SESSION_CHOICE
                " GROUP BY s.mac ORDER BY total(s.bytes_in) + total(s.bytes_out) DESC, s.mac LIMIT ?6",
                since_ms(filter),
                ms_of(filter.until),
                view_of(filter.router),
                view_of(filter.server),
                filter.is_open_only,
                limit};
    std::vector<HotspotUsage> usage;
    while (query.next()) {
        usage.push_back({text_of(query, 0), text_of(query, 1), text_of(query, 2), query.integer(3), query.integer(4),
                         query.integer(5), from_ms(query.integer(6))});
    }
    return usage;
}

#undef BIOCTL_SESSION_COLUMNS
#undef BIOCTL_SESSION_CHOICE

}  // namespace bioctl::store
