// Counts that other programs have posted.

#include "lib/store/hotspot.hpp"
#include "lib/store/query.hpp"

namespace bioctl::store {

std::optional<Timestamp> Hotspot::begin_of_newest(std::int64_t moments, std::optional<std::int64_t> but) const {
    // Where nobody but that router counts, all its rows would be looked at for one of another.
    Query other{*m_connection,
                "SELECT 1 FROM router WHERE (?1 IS NULL OR key <> ?1)"
                " AND EXISTS (SELECT 1 FROM hotspot_count WHERE hotspot_count.router = router.key) LIMIT 1",
                but};
    if (!other.next()) return std::nullopt;
    Query query{
        *m_connection,
        "SELECT min(at) FROM (SELECT DISTINCT at FROM hotspot_count WHERE ?2 IS NULL OR router <> ?2 ORDER BY at DESC LIMIT ?1)",
        moments, but};
    if (!query.next() || query.is_null(0)) return std::nullopt;
    return from_ms(query.integer(0));
}

Timestamp Hotspot::add_post(HotspotPost const& post) {
    auto const& count = post.count;
    auto at = to_ms(count.at);
    while (Query{*m_connection, "SELECT 1 FROM hotspot_count WHERE at = ? AND router = ?", at, count.router}.next())
        ++at;
    Query{*m_connection,
          "INSERT INTO hotspot_count (router, server, at, users, posted) VALUES (?, ?, ?, ?, ?)",
          count.router,
          count.server,
          at,
          count.users,
          as_bytes(post.json)}
        .run();
    return from_ms(at);
}

std::vector<HotspotPost> Hotspot::posts(std::int64_t router, std::string_view server, std::int64_t limit) const {
    Query query{*m_connection,
                "SELECT at, users, posted FROM hotspot_count WHERE router = ? AND server = ?"
                " ORDER BY at DESC LIMIT ?",
                router, server, limit};
    std::vector<HotspotPost> posts;
    while (query.next()) {
        posts.push_back({.count = {router, std::string{server}, from_ms(query.integer(0)), query.integer(1)},
                         .json = std::string{query.text(2)}});
    }
    return posts;
}

void Hotspot::trim_posts(std::int64_t router, std::string_view server, std::int64_t keep, std::int64_t most_bytes) {
    // length() of a BLOB is in the row's header: what it holds is not read.
    Query{*m_connection,
          "UPDATE hotspot_count SET posted = NULL WHERE key IN (SELECT key FROM (SELECT key, row_number() OVER newest AS place,"
          " sum(length(posted)) OVER newest AS bytes FROM hotspot_count"
          " WHERE router = ?1 AND server = ?2 AND posted IS NOT NULL WINDOW newest AS (ORDER BY at DESC))"
          " WHERE place > ?3 OR bytes > ?4)",
          router,
          server,
          keep,
          most_bytes}
        .run();
}

}  // namespace bioctl::store
