#include "lib/store/events.hpp"

#include <algorithm>
#include <limits>

#include "lib/store/lists.hpp"
#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

std::string text_of(Query const& query, int column) {
    return std::string{query.text(column)};
}

// The worst of its deliveries decides. A person who was enrolled after the event is found by the employee number.
#define BIOCTL_DELIVERY                                                                                                          \
    "coalesce((SELECT CASE max(CASE state WHEN 'failed' THEN 5 WHEN 'pending' THEN 4 WHEN 'sent' THEN 3 WHEN 'skipped' THEN 2"   \
    " ELSE 1 END) WHEN 5 THEN 'failed' WHEN 4 THEN 'pending' WHEN 3 THEN 'sent' WHEN 2 THEN 'skipped' WHEN 1 THEN 'dropped' END" \
    " FROM delivery WHERE event = e.id), 'none')"
#define BIOCTL_EVENT_TABLES                           \
    " FROM event e JOIN device d ON d.key = e.device" \
    " LEFT JOIN person p ON p.key = e.person"         \
    " LEFT JOIN person q ON e.person IS NULL AND e.employee_no <> '' AND q.id = e.employee_no"
#define BIOCTL_EVENT_COLUMNS                                                                                              \
    "SELECT e.id, e.device, d.name, d.serial_number, d.location, e.epoch, e.received_at, e.serial, e.time, e.local_time," \
    " e.major, e.minor, e.recognized, e.employee_no, e.name, e.picture_url, e.raw, coalesce(p.id, q.id, ''), e.picture,"  \
    " e.picture_state, e.verdict, e.distance, " BIOCTL_DELIVERY                                                           \
    ","                                                                                                                   \
    " coalesce((SELECT sum(attempts) FROM delivery WHERE event = e.id), 0), d.base_url = ''" BIOCTL_EVENT_TABLES
// ?1 since, ?2 until; lists ?3 and ?4 begin and end with a line feed, or are empty; the rest is NULL where it does not matter.
#define BIOCTL_EVENT_FILTER                                               \
    " WHERE e.time >= ?1 AND e.time < ?2"                                 \
    " AND (?3 = '' OR instr(?3, char(10) || d.name || char(10)) > 0)"     \
    " AND (?4 = '' OR instr(?4, char(10) || d.location || char(10)) > 0)" \
    " AND (?5 IS NULL OR e.employee_no = ?5 OR p.id = ?5 OR q.id = ?5)"   \
    " AND (?6 IS NULL OR e.recognized = (?6 = 'recognized'))"             \
    " AND (?7 IS NULL OR " BIOCTL_DELIVERY                                \
    " = ?7)"                                                              \
    " AND (?8 IS NULL OR e.picture_state = ?8)"                           \
    " AND (?9 IS NULL OR e.verdict = ?9)"

Event event_of(Query const& query) {
    Event event;
    event.id = query.integer(0);
    event.device_key = query.integer(1);
    event.device = text_of(query, 2);
    event.device_serial = text_of(query, 3);
    event.location = text_of(query, 4);
    event.epoch = query.number(5);
    event.received_at = from_ms(query.integer(6));
    auto& row = event.row;
    row.serial = query.integer(7);
    row.time = from_ms(query.integer(8));
    row.local_time = text_of(query, 9);
    row.major = query.number(10);
    row.minor = query.number(11);
    row.is_recognized = query.number(12) != 0;
    row.employee_no = text_of(query, 13);
    row.name = text_of(query, 14);
    row.picture_url = text_of(query, 15);
    row.raw = text_of(query, 16);
    event.person_id = text_of(query, 17);
    event.picture = text_of(query, 18);
    event.picture_state = text_of(query, 19);
    event.verify_verdict = text_of(query, 20);
    if (!query.is_null(21)) event.verify_distance = query.real(21);
    event.delivery = text_of(query, 22);
    event.attempts = query.number(23);
    event.is_of_source = query.number(24) != 0;
    return event;
}

/// A filter as the values of a query.
struct Values {
    std::int64_t since, until, limit;
    std::string devices, locations;
    std::optional<std::string_view> person, kind, delivery, picture, verdict;
};

std::string enclosed(std::vector<std::string> const& words) {
    return words.empty() ? "" : '\n' + to_lines(words);
}

Values values_of(EventFilter const& filter) {
    using Limits = std::numeric_limits<std::int64_t>;
    return {.since = filter.since ? to_ms(*filter.since) : Limits::min(),
            .until = filter.until ? to_ms(*filter.until) : Limits::max(),
            .limit = filter.limit > 0 ? filter.limit : -1,
            .devices = enclosed(filter.devices),
            .locations = enclosed(filter.locations),
            .person = filter.person,
            .kind = filter.kind,
            .delivery = filter.delivery,
            .picture = filter.picture_state,
            .verdict = filter.verdict};
}

void visit(Query& query, std::function<bool(Event const&)> const& take) {
    while (query.next()) {
        if (!take(event_of(query))) return;
    }
}

}  // namespace

std::optional<Event> Events::get(std::int64_t id) const {
    Query query{*m_connection, BIOCTL_EVENT_COLUMNS " WHERE e.id = ?", id};
    if (!query.next()) return std::nullopt;
    return event_of(query);
}

std::int64_t Events::newest_id() const {
    return m_connection->integer("SELECT coalesce(max(id), 0) FROM event");
}

std::vector<Event> Events::after(std::int64_t id, int limit) const {
    std::vector<Event> events;
    Query query{*m_connection, BIOCTL_EVENT_COLUMNS " WHERE e.id > ? ORDER BY e.id DESC LIMIT ?", id, limit};
    while (query.next())
        events.push_back(event_of(query));
    std::ranges::reverse(events);
    return events;
}

std::int64_t Events::count_after(std::int64_t id) const {
    Query query{*m_connection, "SELECT count(*) FROM event WHERE id > ?", id};
    query.next();
    return query.integer(0);
}

void Events::each(EventFilter const& filter, std::function<bool(Event const&)> const& take) const {
    auto v = values_of(filter);
    if (filter.newest_first) {
        std::optional<std::int64_t> page_time, page_id;
        if (auto const& page = filter.older_than) {
            page_time = to_ms(page->first);
            page_id = page->second;
            // As a bound, so that the index leads to where the page begins, however many events came before it.
            v.until = std::min(v.until, *page_time + 1);
        }
        // The events of one person are few among all: found by their own indexes, not by going through time.
#define BIOCTL_EVENT_PAGE " AND (?11 IS NULL OR e.time < ?11 OR e.id < ?12) ORDER BY e.time DESC, e.id DESC LIMIT ?10"
        constexpr std::string_view k_page = BIOCTL_EVENT_COLUMNS BIOCTL_EVENT_FILTER BIOCTL_EVENT_PAGE;
        constexpr std::string_view k_page_of_person = BIOCTL_EVENT_COLUMNS BIOCTL_EVENT_FILTER
            " AND e.id IN (SELECT id FROM event WHERE employee_no = ?5 AND employee_no <> ''"
            " UNION SELECT id FROM event WHERE person = (SELECT key FROM person WHERE id = ?5))" BIOCTL_EVENT_PAGE;
        // What waits is little among all that was ever sent, or nothing.
        constexpr std::string_view k_page_of_waiting = BIOCTL_EVENT_COLUMNS BIOCTL_EVENT_FILTER
            " AND e.id IN (SELECT event FROM delivery WHERE state = 'pending')" BIOCTL_EVENT_PAGE;
#undef BIOCTL_EVENT_PAGE
        bool const is_waiting = filter.delivery == "pending";
        Query query{*m_connection, filter.person ? k_page_of_person : is_waiting ? k_page_of_waiting : k_page,
                    v.since,       v.until,
                    v.devices,     v.locations,
                    v.person,      v.kind,
                    v.delivery,    v.picture,
                    v.verdict,     v.limit,
                    page_time,     page_id};
        return visit(query, take);
    }
    Query query{*m_connection, BIOCTL_EVENT_COLUMNS BIOCTL_EVENT_FILTER " ORDER BY e.time, e.id LIMIT ?10",
                v.since,       v.until,
                v.devices,     v.locations,
                v.person,      v.kind,
                v.delivery,    v.picture,
                v.verdict,     v.limit};
    visit(query, take);
}

std::int64_t Events::count(EventFilter const& filter) const {
    auto const v = values_of(filter);
    Query query{*m_connection, "SELECT count(*)" BIOCTL_EVENT_TABLES BIOCTL_EVENT_FILTER,
                v.since,       v.until,
                v.devices,     v.locations,
                v.person,      v.kind,
                v.delivery,    v.picture,
                v.verdict};
    query.next();
    return query.integer(0);
}

std::vector<EventCounts> Events::stats(EventFilter const& filter) const {
    auto const v = values_of(filter);
    Query query{*m_connection,
                "SELECT d.name, CASE e.recognized WHEN 1 THEN 'recognized' ELSE 'other' END, " BIOCTL_DELIVERY
                " AS delivered, e.picture_state, count(*), min(e.time), max(e.time)" BIOCTL_EVENT_TABLES BIOCTL_EVENT_FILTER
                " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2 DESC, 3, 4",
                v.since,
                v.until,
                v.devices,
                v.locations,
                v.person,
                v.kind,
                v.delivery,
                v.picture,
                v.verdict};
    std::vector<EventCounts> counts;
    while (query.next()) {
        counts.push_back({text_of(query, 0), text_of(query, 1), text_of(query, 2), text_of(query, 3), query.integer(4),
                          from_ms(query.integer(5)), from_ms(query.integer(6))});
    }
    return counts;
}

KindCounts Events::kinds() const {
    Query query{*m_connection, "SELECT count(*), coalesce(sum(recognized), 0) FROM event"};
    query.next();
    return {.recognized = query.integer(1), .other = query.integer(0) - query.integer(1)};
}

#undef BIOCTL_DELIVERY
#undef BIOCTL_EVENT_TABLES
#undef BIOCTL_EVENT_COLUMNS
#undef BIOCTL_EVENT_FILTER

void Events::set_verdict(std::int64_t id, std::string_view verdict, std::optional<double> distance) {
    Query{*m_connection, "UPDATE event SET verdict = ?, distance = ? WHERE id = ?", verdict, distance, id}.run();
}

std::vector<std::int64_t> Events::unverified(int limit) const {
    Query query{*m_connection,
                "SELECT e.id FROM event e WHERE picture_state = 'stored' AND recognized = 1 AND verdict = ''"
                " AND (person IS NOT NULL OR EXISTS (SELECT 1 FROM person WHERE person.id = e.employee_no))"
                " AND NOT EXISTS (SELECT 1 FROM device WHERE device.key = e.device AND base_url = '')"
                " ORDER BY e.id LIMIT ?",
                limit};
    std::vector<std::int64_t> ids;
    while (query.next())
        ids.push_back(query.integer(0));
    return ids;
}

std::optional<Timestamp> Events::newest(std::int64_t device, Timestamp time) const {
    Query query{*m_connection, "SELECT max(time) FROM event WHERE device = ? AND time <= ?", device, to_ms(time)};
    if (!query.next() || query.is_null(0)) return std::nullopt;
    return from_ms(query.integer(0));
}

std::optional<std::int64_t> Events::latest_of(std::int64_t device, std::string_view employee_no, Timestamp since,
                                              Timestamp until) const {
    Query query{*m_connection,
                "SELECT id FROM event WHERE time > ? AND time <= ? AND device = ? AND employee_no = ? ORDER BY time DESC, id DESC"
                " LIMIT 1",
                to_ms(since),
                to_ms(until),
                device,
                employee_no};
    if (!query.next()) return std::nullopt;
    return query.integer(0);
}

// Two hours: well above every overlap of reader.hpp.
#define BIOCTL_PRUNABLE                                                                      \
    " FROM event WHERE time < ?1"                                                            \
    " AND time < (SELECT cursor_time - 7200000 FROM device WHERE device.key = event.device)" \
    " AND NOT EXISTS (SELECT 1 FROM delivery WHERE event = event.id AND state = 'pending')"

std::int64_t Events::prune(Timestamp before, int limit) {
    return Query{*m_connection,
                 "DELETE FROM event WHERE id IN (SELECT id" BIOCTL_PRUNABLE " AND picture_state <> 'stored' LIMIT ?2)",
                 to_ms(before), limit}
        .run();
}

std::int64_t Events::prunable(Timestamp before) const {
    Query query{*m_connection, "SELECT count(*)" BIOCTL_PRUNABLE, to_ms(before)};
    query.next();
    return query.integer(0);
}

#undef BIOCTL_PRUNABLE

}  // namespace bioctl::store
