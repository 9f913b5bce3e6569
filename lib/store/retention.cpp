#include "lib/store/retention.hpp"

#include <algorithm>

#include "lib/base/bytes.hpp"
#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

struct KindName {
    Kept kind;
    std::string_view name, rule;  ///< rule: its key in the table meta
};
constexpr std::array k_names{KindName{Kept::unknown, "unknown", "keep_unknown_s"},
                             KindName{Kept::pictures, "pictures", "keep_pictures_s"},
                             KindName{Kept::portraits, "portraits", "keep_portraits_s"},
                             KindName{Kept::deliveries, "deliveries", "keep_deliveries_s"},
                             KindName{Kept::events, "events", "keep_events_s"},
                             KindName{Kept::transitions, "transitions", "keep_transitions_s"},
                             KindName{Kept::notifications, "notifications", "keep_notifications_s"},
                             KindName{Kept::outages, "outages", "keep_outages_s"},
                             KindName{Kept::pings, "pings", "keep_pings_s"},
                             KindName{Kept::hotspot, "hotspot", "keep_hotspot_s"}};

KindName const& row_of(Kept kind) {
    return *std::ranges::find(k_names, kind, &KindName::kind);
}

struct Rows {
    Kept kind;
    std::string_view count, prune;  ///< ?1 before; ?2 limit
};
#define BIOCTL_ROWS(kind, table, key, condition)                                                                  \
    Rows {                                                                                                        \
        kind, "SELECT count(*) FROM " table " WHERE " condition,                                                  \
            "DELETE FROM " table " WHERE " key " IN (SELECT " key " FROM " table " WHERE " condition " LIMIT ?2)" \
    }
// A chunk of history that reaches beyond `before` stays: 256 days of buckets of a day, 16 days of those of an hour, a day of
// those of 5 minutes, as plan_of() in app/ping_history.cpp has it.
constexpr std::array k_rows{
    BIOCTL_ROWS(Kept::deliveries, "delivery", "id",
                "state IN ('sent', 'skipped', 'dropped') AND finished_at < ?1"
                " AND order_time < ?1 - 1000 * (SELECT cooldown_s FROM target WHERE target.key = delivery.target)"),
    BIOCTL_ROWS(Kept::transitions, "device_transition", "id", "at < ?1"),
    BIOCTL_ROWS(Kept::notifications, "notification", "id", "at < ?1"),
    BIOCTL_ROWS(Kept::outages, "outage", "id", "ended_at < ?1"),
    BIOCTL_ROWS(Kept::pings, "ping_round", "key", "started_at < ?1"),
    BIOCTL_ROWS(Kept::pings, "ping_cover", "key", "until < ?1"),
    BIOCTL_ROWS(Kept::pings, "ping_history", "key",
                "since < ?1 - CASE tier WHEN 86400 THEN 22118400000 WHEN 3600 THEN 1382400000 ELSE 86400000 END"),
    BIOCTL_ROWS(Kept::hotspot, "hotspot_count", "key", "at < ?1"),
    BIOCTL_ROWS(Kept::hotspot, "hotspot_session", "id", "started_at < ?1 AND last_seen < ?1 AND ended_at IS NOT NULL"),
};
#undef BIOCTL_ROWS

}  // namespace

std::string_view name_of(Kept kind) {
    return row_of(kind).name;
}

std::optional<Kept> kept_from(std::string_view name) {
    auto const row = std::ranges::find(k_names, name, &KindName::name);
    return row == k_names.end() ? std::nullopt : std::optional{row->kind};
}

std::vector<KeptRule> Retention::rules() const {
    std::vector<KeptRule> rules;
    for (auto const kind : k_all_kept) {
        Query query{*m_connection, "SELECT value FROM meta WHERE key = ?", row_of(kind).rule};
        if (query.next()) rules.push_back({kind, std::chrono::seconds{query.integer(0)}});
    }
    return rules;
}

void Retention::set_rule(Kept kind, std::optional<std::chrono::seconds> age) {
    auto const key = row_of(kind).rule;
    if (!age) {
        Query{*m_connection, "DELETE FROM meta WHERE key = ?", key}.run();
        return;
    }
    Query{*m_connection, "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
          key, age->count()}
        .run();
}

bool Retention::is_rows(Kept kind) {
    return kind != Kept::unknown && kind != Kept::pictures && kind != Kept::portraits;
}

std::int64_t Retention::prunable(Kept kind, Timestamp before) const {
    if (kind == Kept::events) return Events{*m_connection}.prunable(before);
    std::int64_t rows = 0;
    for (auto const& row : k_rows) {
        if (row.kind != kind) continue;
        Query query{*m_connection, row.count, to_ms(before)};
        query.next();
        rows += query.integer(0);
    }
    return rows;
}

std::int64_t Retention::prune(Kept kind, Timestamp before, int limit) {
    if (kind == Kept::events) return Events{*m_connection}.prune(before, limit);
    std::int64_t rows = 0;
    for (auto const& row : k_rows) {
        if (row.kind == kind) rows += Query{*m_connection, row.prune, to_ms(before), limit}.run();
    }
    return rows;
}

std::int64_t Retention::waiting(Timestamp before, bool pictures_only) const {
    Query query{*m_connection,
                "SELECT count(DISTINCT event.id) FROM delivery JOIN event ON event.id = delivery.event"
                " WHERE state = 'pending' AND time < ?1 AND (?2 = 0 OR picture_state = 'stored')",
                to_ms(before), pictures_only};
    query.next();
    return query.integer(0);
}

std::vector<StoredPicture> Retention::unknown_pictures_before(Timestamp before, std::int64_t after, int limit) const {
    Query query{*m_connection,
                "SELECT id, picture, picture_bytes FROM event WHERE picture_state = 'stored' AND recognized = 0 AND id > ? AND"
                " time < ? AND NOT EXISTS (SELECT 1 FROM delivery WHERE event = event.id AND state = 'pending') ORDER BY id"
                " LIMIT ?",
                after, to_ms(before), limit};
    std::vector<StoredPicture> pictures;
    while (query.next())
        pictures.push_back({query.integer(0), std::string{query.text(1)}, static_cast<std::uint64_t>(query.integer(2))});
    return pictures;
}

std::vector<std::string> Retention::portraits_before(Timestamp before, std::string_view after, int limit) const {
    Query query{
        *m_connection,
        "SELECT crop FROM template WHERE crop <> x'' AND crop > ?1 GROUP BY crop HAVING max(created_at) < ?2 ORDER BY crop"
        " LIMIT ?3",
        as_bytes(after), to_ms(before), limit};
    std::vector<std::string> paths;
    while (query.next())
        paths.emplace_back(query.text(0));
    return paths;
}

void Retention::forget_portrait(std::string_view path) {
    Query{*m_connection, "UPDATE template SET crop = x'' WHERE crop = ? AND crop <> x''", as_bytes(path)}.run();
}

}  // namespace bioctl::store
