#include "lib/store/onts.hpp"

#include <fmt/format.h>

#include "lib/base/causes.hpp"
#include "lib/base/text.hpp"
#include "lib/store/lists.hpp"
#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

// One literal for each way to choose: a statement is cached by its text.
#define BIOCTL_ONT_COLUMNS                                                                                            \
    "SELECT ont.id, ont.kind, ont.customer_id, ont.name, ont.location, ont.latitude, ont.longitude, ont.host,"        \
    " ont.parent, ont.tags, ont.enabled, ont.extra, ont.created_at, ont.updated_at, parent.name, state, is_flapping," \
    " last_answered, asked_at, rtt_us FROM ont LEFT JOIN ont AS parent ON parent.id = ont.parent"                     \
    " LEFT JOIN ont_state ON ont_state.ont = ont.id WHERE ont.removed_at IS NULL"

std::string text_of(Query const& query, int column) {
    return std::string{query.text(column)};
}

std::optional<double> real_of(Query const& query, int column) {
    if (query.is_null(column)) return std::nullopt;
    return query.real(column);
}

std::optional<std::int64_t> integer_of(Query const& query, int column) {
    if (query.is_null(column)) return std::nullopt;
    return query.integer(column);
}

Ont ont_of(Query const& query) {
    Ont ont;
    ont.id = query.integer(0);
    ont.config = {.kind = text_of(query, 1),
                  .customer_id = text_of(query, 2),
                  .name = text_of(query, 3),
                  .location = text_of(query, 4),
                  .latitude = real_of(query, 5),
                  .longitude = real_of(query, 6),
                  .host = text_of(query, 7),
                  .parent = integer_of(query, 8),
                  .tags = from_lines(query.text(9)),
                  .enabled = query.number(10) != 0,
                  .extra = text_of(query, 11)};
    ont.created_at = from_ms(query.integer(12));
    ont.updated_at = from_ms(query.integer(13));
    if (!query.is_null(14)) ont.parent_name = text_of(query, 14);
    if (query.is_null(15)) return ont;
    ont.state = text_of(query, 15);
    ont.is_flapping = query.number(16) != 0;
    ont.last_answered = from_ms(query.integer(17));
    ont.asked_at = from_ms(query.integer(18));
    ont.rtt_us = integer_of(query, 19);
    return ont;
}

std::vector<Ont> all_of(Query& query) {
    std::vector<Ont> onts;
    while (query.next())
        onts.push_back(ont_of(query));
    return onts;
}

std::optional<Ont> first_of(Query& query) {
    if (!query.next()) return std::nullopt;
    return ont_of(query);
}

void require_free_customer_id(Onts const& onts, std::string_view customer_id, std::optional<std::int64_t> owner) {
    auto const other = onts.with_customer_id(customer_id);
    if (!other || other->id == owner) return;
    throw NameTaken{Kind::data, fmt::format("the customer id '{}' is that of ONT {} already", printable(customer_id), other->id)};
}

}  // namespace

std::vector<Ont> Onts::list() const {
    Query query{*m_connection, BIOCTL_ONT_COLUMNS " ORDER BY ont.id"};
    return all_of(query);
}

std::optional<Ont> Onts::get(std::int64_t id) const {
    Query query{*m_connection, BIOCTL_ONT_COLUMNS " AND ont.id = ?", id};
    return first_of(query);
}

std::optional<Ont> Onts::with_customer_id(std::string_view customer_id) const {
    Query query{*m_connection, BIOCTL_ONT_COLUMNS " AND ont.customer_id = ? AND ont.customer_id <> ''", customer_id};
    return first_of(query);
}

std::vector<Ont> Onts::with_name(std::string_view name) const {
    Query query{*m_connection, BIOCTL_ONT_COLUMNS " AND ont.name = ? ORDER BY ont.id", name};
    return all_of(query);
}

#undef BIOCTL_ONT_COLUMNS

std::vector<std::int64_t> Onts::ids_ever() const {
    Query query{*m_connection, "SELECT id FROM ont ORDER BY id"};
    std::vector<std::int64_t> ids;
    while (query.next())
        ids.push_back(query.integer(0));
    return ids;
}

std::int64_t Onts::add(OntConfig const& config, Timestamp now, std::optional<std::int64_t> id) {
    require_free_customer_id(*this, config.customer_id, std::nullopt);
    if (Query taken{*m_connection, "SELECT 1 FROM ont WHERE id = ?", id}; id && taken.next())
        throw NameTaken{Kind::data, fmt::format("there is, or was, an ONT {} already", *id)};
    Query{*m_connection,
          "INSERT INTO ont (id, kind, customer_id, name, location, latitude, longitude, host, parent, tags, enabled, extra,"
          " created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)",
          id,
          config.kind,
          config.customer_id,
          config.name,
          config.location,
          config.latitude,
          config.longitude,
          config.host,
          config.parent,
          to_lines(config.tags),
          config.enabled,
          config.extra,
          to_ms(now)}
        .run();
    return m_connection->last_id();
}

void Onts::set(std::int64_t id, OntConfig const& config, Timestamp now) {
    require_free_customer_id(*this, config.customer_id, id);
    Query{*m_connection,
          "UPDATE ont SET kind = ?2, customer_id = ?3, name = ?4, location = ?5, latitude = ?6, longitude = ?7, host = ?8,"
          " parent = ?9, tags = ?10, enabled = ?11, extra = ?12, updated_at = ?13 WHERE id = ?1 AND removed_at IS NULL",
          id,
          config.kind,
          config.customer_id,
          config.name,
          config.location,
          config.latitude,
          config.longitude,
          config.host,
          config.parent,
          to_lines(config.tags),
          config.enabled,
          config.extra,
          to_ms(now)}
        .run();
}

bool Onts::remove(std::int64_t id, Timestamp now) {
    Query gone{*m_connection, "UPDATE ont SET removed_at = ?2, enabled = 0, parent = NULL WHERE id = ?1 AND removed_at IS NULL",
               id, to_ms(now)};
    if (gone.run() == 0) return false;
    Query{*m_connection, "UPDATE ont SET parent = NULL WHERE parent = ?", id}.run();
    Query{*m_connection, "UPDATE outage SET ended_at = max(started_at, ?2), end_error = 0 WHERE ont = ?1 AND ended_at IS NULL",
          id, to_ms(now)}
        .run();
    Query{*m_connection, "DELETE FROM ont_state WHERE ont = ?", id}.run();
    return true;
}

}  // namespace bioctl::store
