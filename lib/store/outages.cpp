#include "lib/store/outages.hpp"

#include <algorithm>
#include <limits>

#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

#define BIOCTL_OUTAGE_COLUMNS                                                                                           \
    "SELECT outage.id, outage.ont, ont_name, started_at, start_error, ended_at, end_error, is_inferred, parent_outage," \
    " alert, in_maintenance, acked_at, acked_by, note, ont.location, coalesce(parent.name, '') FROM outage"
#define BIOCTL_OUTAGE_ONT " JOIN ont ON ont.id = outage.ont LEFT JOIN ont AS parent ON parent.id = ont.parent"
#define BIOCTL_OUTAGES BIOCTL_OUTAGE_COLUMNS BIOCTL_OUTAGE_ONT
#define BIOCTL_OUTAGE_PAGE                                              \
    " started_at < ?1 AND coalesce(ended_at, 9223372036854775807) > ?2" \
    " AND (?3 IS NULL OR started_at < ?3 OR outage.id < ?4) ORDER BY started_at DESC, outage.id DESC"

std::string text_of(Query const& query, int column) {
    return std::string{query.text(column)};
}

std::optional<std::int64_t> integer_of(Query const& query, int column) {
    if (query.is_null(column)) return std::nullopt;
    return query.integer(column);
}

std::optional<Timestamp> time_of(Query const& query, int column) {
    if (query.is_null(column)) return std::nullopt;
    return from_ms(query.integer(column));
}

Outage outage_of(Query const& query) {
    Outage outage;
    outage.id = query.integer(0);
    outage.ont = query.integer(1);
    outage.ont_name = text_of(query, 2);
    outage.started_at = from_ms(query.integer(3));
    outage.start_error_ms = query.integer(4);
    outage.ended_at = time_of(query, 5);
    outage.end_error_ms = integer_of(query, 6).value_or(0);
    outage.is_inferred = query.number(7) != 0;
    outage.parent_outage = integer_of(query, 8);
    outage.alert = integer_of(query, 9);
    outage.in_maintenance = query.number(10) != 0;
    outage.acked_at = time_of(query, 11);
    outage.acked_by = text_of(query, 12);
    outage.note = text_of(query, 13);
    outage.location = text_of(query, 14);
    outage.parent_name = text_of(query, 15);
    return outage;
}

bool is_any_or_among(std::vector<std::int64_t> const& wanted, std::int64_t value) {
    return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

bool takes(OutageFilter const& filter, Outage const& outage) {
    return is_any_or_among(filter.ids, outage.id) &&
           (!filter.onts || std::ranges::find(*filter.onts, outage.ont) != filter.onts->end()) &&
           (filter.location.empty() || filter.location == outage.location) &&
           (filter.parent.empty() || filter.parent == outage.parent_name) && (!filter.is_open_only || !outage.ended_at) &&
           (!filter.is_unacked_only || !outage.acked_at) && (!filter.is_own_only || !outage.parent_outage);
}

}  // namespace

std::int64_t Outages::open(Outage const& outage) {
    Query{*m_connection,
          "INSERT INTO outage (ont, ont_name, started_at, start_error, is_inferred, parent_outage, alert, in_maintenance)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          outage.ont,
          outage.ont_name,
          to_ms(outage.started_at),
          outage.start_error_ms,
          outage.is_inferred,
          outage.parent_outage,
          outage.alert,
          outage.in_maintenance}
        .run();
    return m_connection->last_id();
}

void Outages::close(std::int64_t id, Timestamp at, std::int64_t error_ms) {
    Query{*m_connection, "UPDATE outage SET ended_at = max(started_at, ?), end_error = ? WHERE id = ? AND ended_at IS NULL",
          to_ms(at), error_ms, id}
        .run();
}

void Outages::set_cause(std::int64_t id, std::optional<std::int64_t> parent_outage, std::optional<std::int64_t> alert) {
    Query{*m_connection, "UPDATE outage SET parent_outage = ?, alert = ? WHERE id = ?", parent_outage, alert, id}.run();
}

std::vector<Outage> Outages::ongoing() const {
    Query query{*m_connection, BIOCTL_OUTAGES " WHERE ended_at IS NULL ORDER BY outage.id"};
    std::vector<Outage> outages;
    while (query.next())
        outages.push_back(outage_of(query));
    return outages;
}

std::vector<std::int64_t> Outages::ongoing_ids() const {
    Query query{*m_connection, "SELECT id FROM outage WHERE ended_at IS NULL"};
    std::vector<std::int64_t> ids;
    while (query.next())
        ids.push_back(query.integer(0));
    return ids;
}

void Outages::each(OutageFilter const& filter, std::function<bool(Outage const&)> const& take) const {
    auto until = filter.until ? to_ms(*filter.until) : std::numeric_limits<std::int64_t>::max();
    std::optional<std::int64_t> page_start, page_id;
    if (auto const& page = filter.older_than) {
        page_start = to_ms(page->first);
        page_id = page->second;
        until = std::min(until, *page_start + 1);
    }
    // Few of many years go on: they have an index of their own.
    constexpr std::string_view k_all = BIOCTL_OUTAGES " WHERE" BIOCTL_OUTAGE_PAGE;
    constexpr std::string_view k_open =
        BIOCTL_OUTAGE_COLUMNS " INDEXED BY outage_open" BIOCTL_OUTAGE_ONT " WHERE ended_at IS NULL AND" BIOCTL_OUTAGE_PAGE;
    Query query{*m_connection, filter.is_open_only ? k_open : k_all,
                until,         filter.since ? to_ms(*filter.since) : std::numeric_limits<std::int64_t>::min(),
                page_start,    page_id};
    for (std::int64_t taken = 0; (filter.limit == 0 || taken < filter.limit) && query.next();) {
        auto const outage = outage_of(query);
        if (!takes(filter, outage)) continue;
        ++taken;
        if (!take(outage)) return;
    }
}

std::int64_t Outages::newest_id() const {
    return m_connection->integer("SELECT coalesce(max(id), 0) FROM outage");
}

std::vector<Outage> Outages::after(std::int64_t id, int limit) const {
    std::vector<Outage> outages;
    Query query{*m_connection, BIOCTL_OUTAGES " WHERE outage.id > ? ORDER BY outage.id DESC LIMIT ?", id, limit};
    while (query.next())
        outages.push_back(outage_of(query));
    std::ranges::reverse(outages);
    return outages;
}

std::int64_t Outages::count_after(std::int64_t id) const {
    Query query{*m_connection, "SELECT count(*) FROM outage WHERE id > ?", id};
    query.next();
    return query.integer(0);
}

std::vector<OutageSummary> Outages::summary() const {
    // Of a group with max(), SQLite takes the other columns from the row that has it.
    Query query{*m_connection,
                "SELECT ont, ont_name, count(*), max(started_at), ended_at FROM outage GROUP BY ont"
                " ORDER BY count(*) DESC, max(started_at) DESC, ont"};
    std::vector<OutageSummary> rows;
    while (query.next())
        rows.push_back({query.integer(0), text_of(query, 1), query.integer(2), from_ms(query.integer(3)), time_of(query, 4)});
    return rows;
}

std::optional<Outage> Outages::get(std::int64_t id) const {
    Query query{*m_connection, BIOCTL_OUTAGES " WHERE outage.id = ?", id};
    if (!query.next()) return std::nullopt;
    return outage_of(query);
}

#undef BIOCTL_OUTAGE_COLUMNS
#undef BIOCTL_OUTAGE_ONT
#undef BIOCTL_OUTAGES
#undef BIOCTL_OUTAGE_PAGE

bool Outages::acknowledge(std::int64_t id, std::string const& by, std::string const& note, Timestamp now) {
    Query found{*m_connection, "UPDATE outage SET acked_at = ?2, acked_by = ?3, note = ?4 WHERE id = ?1", id, to_ms(now), by,
                note};
    if (found.run() == 0) return false;
    Query{*m_connection,
          "UPDATE alert SET acked_at = ?2 WHERE id = (SELECT alert FROM outage WHERE id = ?1) AND closed_at IS NULL"
          " AND NOT EXISTS (SELECT 1 FROM outage AS other WHERE other.alert = alert.id AND other.ended_at IS NULL"
          " AND other.acked_at IS NULL)",
          id, to_ms(now)}
        .run();
    return true;
}

std::int64_t Outages::clear(std::optional<Timestamp> before) {
    return Query{*m_connection, "DELETE FROM outage WHERE ended_at IS NOT NULL AND started_at < ?",
                 before ? to_ms(*before) : std::numeric_limits<std::int64_t>::max()}
        .run();
}

}  // namespace bioctl::store
