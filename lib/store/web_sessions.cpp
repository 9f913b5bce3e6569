#include "lib/store/web_sessions.hpp"

#include "lib/store/query.hpp"

namespace bioctl::store {

std::optional<WebSession> WebSessions::get(Sha256 const& digest) const {
    Query query{*m_connection,
                "SELECT s.account, s.csrf, s.created_at, s.last_seen, s.expires_at, s.peer, a.name, a.role FROM web_session s"
                " JOIN account a ON a.key = s.account WHERE s.digest = ? AND a.removed_at IS NULL AND a.enabled = 1",
                ByteView{digest.bytes}};
    if (!query.next()) return std::nullopt;
    return WebSession{.digest = digest,
                      .account = query.integer(0),
                      .csrf_token = std::string{query.text(1)},
                      .created_at = from_ms(query.integer(2)),
                      .last_seen = from_ms(query.integer(3)),
                      .expires_at = from_ms(query.integer(4)),
                      .peer = std::string{query.text(5)},
                      .account_name = std::string{query.text(6)},
                      .role = std::string{query.text(7)}};
}

std::int64_t WebSessions::count(std::int64_t account) const {
    Query query{*m_connection, "SELECT count(*) FROM web_session WHERE account = ?", account};
    query.next();
    return query.integer(0);
}

void WebSessions::add(WebSession const& session) {
    Query{*m_connection,
          "INSERT INTO web_session (digest, account, csrf, created_at, last_seen, expires_at, peer) VALUES (?, ?, ?, ?, ?, ?, ?)",
          ByteView{session.digest.bytes},
          session.account,
          session.csrf_token,
          to_ms(session.created_at),
          to_ms(session.last_seen),
          to_ms(session.expires_at),
          session.peer}
        .run();
}

void WebSessions::set_seen(Sha256 const& digest, Timestamp now) {
    Query{*m_connection, "UPDATE web_session SET last_seen = ?2 WHERE digest = ?1", ByteView{digest.bytes}, to_ms(now)}.run();
}

bool WebSessions::remove(Sha256 const& digest) {
    return Query{*m_connection, "DELETE FROM web_session WHERE digest = ?", ByteView{digest.bytes}}.run() > 0;
}

int WebSessions::remove_of(std::int64_t account) {
    return Query{*m_connection, "DELETE FROM web_session WHERE account = ?", account}.run();
}

void WebSessions::keep_newest(std::int64_t account, std::int64_t most) {
    Query{*m_connection,
          "DELETE FROM web_session WHERE account = ?1 AND digest NOT IN"
          " (SELECT digest FROM web_session WHERE account = ?1 ORDER BY last_seen DESC, created_at DESC LIMIT ?2)",
          account, most}
        .run();
}

void WebSessions::prune(Timestamp now, Timestamp idle_since) {
    Query{*m_connection, "DELETE FROM web_session WHERE expires_at <= ? OR last_seen <= ?", to_ms(now), to_ms(idle_since)}.run();
}

}  // namespace bioctl::store
