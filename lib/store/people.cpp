#include "lib/store/people.hpp"

#include <fmt/format.h>

#include "lib/base/causes.hpp"
#include "lib/base/text.hpp"
#include "lib/store/query.hpp"
#include "lib/store/rows.hpp"

namespace bioctl::store {

namespace {

/// With the row's columns in the order that person_of() reads.
std::string select(std::string_view from_and_where) {
    return fmt::format(
        "SELECT id, name, created_at, updated_at, (SELECT count(*) FROM template WHERE person = person.key),"
        " (SELECT count(*) FROM template WHERE person = person.key AND modality = 'palm') FROM person {}",
        from_and_where);
}

std::optional<std::int64_t> find_key(Connection& connection, std::string_view id) {
    Query query{connection, "SELECT key FROM person WHERE id = ?", id};
    if (!query.next()) return std::nullopt;
    return query.integer(0);
}

Person person_of(Query const& query) {
    return {.id = std::string{query.text(0)},
            .name = std::string{query.text(1)},
            .created_at = from_ms(query.integer(2)),
            .updated_at = from_ms(query.integer(3)),
            .templates = query.number(4),
            .palms = query.number(5)};
}

}  // namespace

std::int64_t person_key(Connection& connection, std::string_view id) {
    if (auto const key = find_key(connection, id)) return *key;
    throw Error{Kind::no_input, fmt::format("no person has the id '{}'; see `bioctl people list`", printable(id))};
}

void grow_generation(Connection& connection) {
    if (!connection.in_transaction()) throw Error{Kind::bug, "a change of the store outside of write()"};
    Query{connection, "UPDATE meta SET value = value + 1 WHERE key = 'generation'"}.run();
}

std::optional<Person> People::get(std::string_view id) const {
    static auto const sql = select("WHERE id = ?");
    Query query{*m_connection, sql, id};
    if (!query.next()) return std::nullopt;
    return person_of(query);
}

std::vector<Person> People::list() const {
    return list(PersonFilter{});
}

std::vector<Person> People::list(PersonFilter const& filter) const {
    static auto const sql = select(
        "WHERE id > ?1 AND (?2 = '' OR instr(lower(id), lower(?2)) > 0 OR instr(lower(name), lower(?2)) > 0)"
        " AND (?3 IS NULL OR EXISTS (SELECT 1 FROM template WHERE person = person.key AND modality = ?3))"
        " ORDER BY id LIMIT ?4");
    auto const modality = filter.modality ? std::optional{name_of(*filter.modality)} : std::nullopt;
    Query query{*m_connection, sql, filter.after, filter.search, modality, filter.limit > 0 ? filter.limit : -1};
    std::vector<Person> people;
    while (query.next())
        people.push_back(person_of(query));
    return people;
}

std::size_t People::count() const {
    Query query{*m_connection, "SELECT count(*) FROM person"};
    query.next();
    return static_cast<std::size_t>(query.integer(0));
}

void People::for_each(std::function<void(PersonKey key, std::string_view id, std::string_view name)> const& visit) const {
    Query query{*m_connection, "SELECT key, id, name FROM person ORDER BY id"};
    while (query.next())
        visit(query.integer(0), query.text(1), query.text(2));
}

std::optional<PersonKey> People::key_of(std::string_view id) const {
    return find_key(*m_connection, id);
}

std::optional<std::string> People::id_of(PersonKey key) const {
    Query query{*m_connection, "SELECT id FROM person WHERE key = ?", key};
    if (!query.next()) return std::nullopt;
    return std::string{query.text(0)};
}

bool People::upsert(std::string_view id, std::string_view name, Timestamp now) {
    bool const is_new = Query{*m_connection,
                              "INSERT INTO person (id, name, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)"
                              " ON CONFLICT (id) DO NOTHING",
                              id, name, to_ms(now)}
                            .run() > 0;
    if (is_new) {
        grow_generation(*m_connection);
    } else if (!name.empty()) {
        set_name(id, name, now);
    }
    return is_new;
}

void People::set_name(std::string_view id, std::string_view name, Timestamp now) {
    auto const key = person_key(*m_connection, id);
    Query update{*m_connection, "UPDATE person SET name = ?1, updated_at = ?2 WHERE key = ?3 AND name <> ?1", name, to_ms(now),
                 key};
    if (update.run() > 0) grow_generation(*m_connection);
}

void People::set_id(std::string_view old_id, std::string_view new_id, Timestamp now) {
    auto const key = person_key(*m_connection, old_id);
    if (old_id == new_id) return;
    if (find_key(*m_connection, new_id)) {
        throw NameTaken{Kind::data,
                        fmt::format("the id '{}' is taken; `bioctl people merge` joins two people", printable(new_id))};
    }
    Query{*m_connection, "UPDATE person SET id = ?, updated_at = ? WHERE key = ?", new_id, to_ms(now), key}.run();
    grow_generation(*m_connection);
}

int People::merge(std::string_view from, std::string_view into, Timestamp now) {
    auto const from_key = person_key(*m_connection, from);
    auto const into_key = person_key(*m_connection, into);
    if (from_key == into_key) {
        throw Error{Kind::usage, fmt::format("'{}' cannot be merged with itself; name two people", printable(from))};
    }
    // What is ignored here, being known of both, goes with the person.
    Query{*m_connection, "UPDATE event SET person = ? WHERE person = ?", into_key, from_key}.run();
    int const moved = Query{*m_connection, "UPDATE OR IGNORE template SET person = ? WHERE person = ?", into_key, from_key}.run();
    Query{*m_connection, "UPDATE person SET updated_at = ? WHERE key = ?", to_ms(now), into_key}.run();
    remove(from);
    return moved;
}

bool People::remove(std::string_view id) {
    if (Query{*m_connection, "DELETE FROM person WHERE id = ?", id}.run() == 0) return false;
    grow_generation(*m_connection);
    return true;
}

}  // namespace bioctl::store
