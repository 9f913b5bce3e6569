#include "lib/store/erasure.hpp"

#include <optional>

#include "lib/store/query.hpp"
#include "lib/store/rows.hpp"

namespace bioctl::store {

namespace {

// Both halves by their indexes.
#define BIOCTL_EVENTS_OF                                                 \
    "(SELECT id FROM event WHERE employee_no = ?1 AND employee_no <> ''" \
    " UNION SELECT id FROM event WHERE person = (SELECT key FROM person WHERE id = ?1))"
// Somebody who got another id is on terminals under the one before, unless that is another person's by now.
#define BIOCTL_PUSHED_AS                                                                                \
    "(employee_no = ?1 OR (employee_no IN (SELECT employee_no FROM event WHERE id IN " BIOCTL_EVENTS_OF \
    ") AND employee_no NOT IN (SELECT id FROM person)))"

std::vector<std::string> texts(Query& query) {
    std::vector<std::string> all;
    while (query.next())
        all.emplace_back(query.text(0));
    return all;
}

}  // namespace

HeldData Erasure::held(std::string_view id) const {
    HeldData held;
    Query person{*m_connection, "SELECT name, (SELECT count(*) FROM template WHERE person = person.key) FROM person WHERE id = ?",
                 id};
    if (person.next()) {
        held.is_enrolled = true;
        held.name = std::string{person.text(0)};
        held.templates = person.integer(1);
    }
    Query events{*m_connection,
                 "SELECT count(*), coalesce(sum(picture_state = 'stored'), 0) FROM event WHERE id IN " BIOCTL_EVENTS_OF, id};
    events.next();
    held.events = events.integer(0);
    held.pictures = events.integer(1);
    Query deliveries{*m_connection,
                     "SELECT count(*), coalesce(sum(state IN ('pending', 'failed')), 0) FROM delivery"
                     " WHERE event IN " BIOCTL_EVENTS_OF,
                     id};
    deliveries.next();
    held.deliveries = deliveries.integer(0);
    held.waiting = deliveries.integer(1);
    Query aliases{*m_connection,
                  "SELECT name FROM event WHERE id IN " BIOCTL_EVENTS_OF
                  " AND name <> '' UNION SELECT employee_no FROM event"
                  " WHERE id IN " BIOCTL_EVENTS_OF " AND employee_no NOT IN ('', ?1) LIMIT 16",
                  id};
    held.aliases = texts(aliases);
    // A source has no address: it is no terminal that keeps faces.
    Query terminals{*m_connection,
                    "SELECT name FROM device WHERE base_url <> '' AND removed_at IS NULL AND (key IN (SELECT device FROM"
                    " device_person WHERE " BIOCTL_PUSHED_AS ") OR key IN (SELECT device FROM event WHERE id IN " BIOCTL_EVENTS_OF
                    ")) ORDER BY name",
                    id};
    held.terminals = texts(terminals);
    Query receivers{*m_connection,
                    "SELECT name FROM target WHERE key IN (SELECT target FROM delivery WHERE state = 'sent' AND event"
                    " IN " BIOCTL_EVENTS_OF ") ORDER BY name",
                    id};
    held.receivers = texts(receivers);
    return held;
}

std::vector<std::int64_t> Erasure::events(std::string_view id) const {
    Query query{*m_connection, "SELECT id FROM " BIOCTL_EVENTS_OF " ORDER BY id", id};
    std::vector<std::int64_t> ids;
    while (query.next())
        ids.push_back(query.integer(0));
    return ids;
}

std::vector<HeldPush> Erasure::pushes(std::string_view id) const {
    Query query{*m_connection,
                "SELECT (SELECT name FROM device WHERE device.key = device_person.device), name, pushed_at FROM device_person"
                " WHERE " BIOCTL_PUSHED_AS " ORDER BY 1",
                id};
    std::vector<HeldPush> pushes;
    while (query.next())
        pushes.push_back({std::string{query.text(0)}, std::string{query.text(1)}, from_ms(query.integer(2))});
    return pushes;
}

void Erasure::erase(std::string_view id) {
    // Before the events lose what finds them.
    Query{*m_connection, "DELETE FROM device_person WHERE " BIOCTL_PUSHED_AS, id}.run();
    Query{*m_connection,
          "UPDATE delivery SET order_key = '', reply = '', state = CASE WHEN state IN ('pending', 'failed') THEN 'dropped' ELSE"
          " state END, reason = CASE WHEN state IN ('pending', 'failed') THEN 'forgotten' ELSE '' END"
          " WHERE event IN " BIOCTL_EVENTS_OF,
          id}
        .run();
    Query{*m_connection,
          "UPDATE event SET employee_no = '', name = '', person = NULL, picture_url = '', picture_state = CASE picture_state"
          " WHEN 'none' THEN 'none' ELSE 'gone' END, picture = '', picture_bytes = 0, picture_next = 0,"
          " picture_reason = 'forgotten', verdict = '', distance = NULL, raw = '{}' WHERE id IN " BIOCTL_EVENTS_OF,
          id}
        .run();
    if (Query{*m_connection, "DELETE FROM person WHERE id = ?", id}.run() > 0) grow_generation(*m_connection);
    raise_unfinished(Unfinished::bytes);
}

#undef BIOCTL_EVENTS_OF
#undef BIOCTL_PUSHED_AS

Unfinished Erasure::unfinished() const {
    return static_cast<Unfinished>(
        m_connection->integer("SELECT coalesce((SELECT min(value, 2) FROM meta WHERE key = 'erasure_unfinished'), 0)"));
}

void Erasure::raise_unfinished(Unfinished left) {
    Query{*m_connection,
          "INSERT INTO meta (key, value) VALUES ('erasure_unfinished', ?) ON CONFLICT (key) DO UPDATE SET value ="
          " max(value, excluded.value)",
          static_cast<int>(left)}
        .run();
}

void Erasure::set_finished() {
    Query{*m_connection, "DELETE FROM meta WHERE key = 'erasure_unfinished'"}.run();
}

bool Erasure::is_picture_of(std::int64_t event, std::string_view path) const {
    Query query{*m_connection,
                "SELECT picture_state = 'pending' OR (picture_state = 'stored' AND picture = ?) FROM event"
                " WHERE id = ?",
                path, event};
    return query.next() && query.integer(0) != 0;
}

}  // namespace bioctl::store
