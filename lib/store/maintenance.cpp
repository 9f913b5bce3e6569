#include "lib/store/maintenance.hpp"

#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

// One literal for each way to choose: a statement is cached by its text.
#define BIOCTL_MAINTENANCE_COLUMNS                                                                                 \
    "SELECT id, scope, scope_value, zone, starts, duration_s, repeats, until, reason, created_at FROM maintenance" \
    " WHERE removed_at IS NULL"

Maintenance window_of(Query const& query) {
    auto const text = [&](int column) { return std::string{query.text(column)}; };
    return {.id = query.integer(0),
            .config = {.scope = text(1),
                       .scope_value = text(2),
                       .zone = text(3),
                       .starts = text(4),
                       .duration_s = query.integer(5),
                       .repeats = text(6),
                       .until = text(7),
                       .reason = text(8)},
            .created_at = from_ms(query.integer(9))};
}

}  // namespace

std::vector<Maintenance> MaintenanceWindows::list() const {
    Query query{*m_connection, BIOCTL_MAINTENANCE_COLUMNS " ORDER BY id"};
    std::vector<Maintenance> windows;
    while (query.next())
        windows.push_back(window_of(query));
    return windows;
}

std::optional<Maintenance> MaintenanceWindows::get(std::int64_t id) const {
    Query query{*m_connection, BIOCTL_MAINTENANCE_COLUMNS " AND id = ?", id};
    if (!query.next()) return std::nullopt;
    return window_of(query);
}

#undef BIOCTL_MAINTENANCE_COLUMNS

std::int64_t MaintenanceWindows::add(MaintenanceConfig const& config, Timestamp now) {
    Query{*m_connection,
          "INSERT INTO maintenance (scope, scope_value, zone, starts, duration_s, repeats, until, reason, created_at)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          config.scope,
          config.scope_value,
          config.zone,
          config.starts,
          config.duration_s,
          config.repeats,
          config.until,
          config.reason,
          to_ms(now)}
        .run();
    return m_connection->last_id();
}

bool MaintenanceWindows::remove(std::int64_t id, Timestamp now) {
    Query query{*m_connection, "UPDATE maintenance SET removed_at = ?2 WHERE id = ?1 AND removed_at IS NULL", id, to_ms(now)};
    return query.run() > 0;
}

}  // namespace bioctl::store
