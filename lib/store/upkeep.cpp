#include "lib/store/upkeep.hpp"

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/store/query.hpp"
#include "lib/store/rows.hpp"
#include "lib/store/templates.hpp"

namespace bioctl::store {

namespace {

void add_rows(Connection& connection, std::string_view what, std::string_view sql, std::vector<Statistics::Rows>& to) {
    Query query{connection, sql};
    while (query.next())
        to.push_back({std::string{what}, std::string{query.text(0)}, query.integer(1)});
}

bool each_portrait(Connection& connection, std::function<bool(FileUse const&)> const& visit) {
    Query query{connection, "SELECT DISTINCT crop FROM template WHERE crop <> x'' ORDER BY crop"};
    while (query.next()) {
        if (!visit({FileKind::portrait, std::string{query.text(0)}, 0})) return false;
    }
    return true;
}

}  // namespace

Statistics Upkeep::statistics() const {
    Statistics figures;
    auto& connection = *m_connection;
    figures.page_bytes = connection.integer("PRAGMA page_size");
    figures.pages = connection.integer("PRAGMA page_count");
    figures.free_pages = connection.integer("PRAGMA freelist_count");
    for (auto const modality : {Modality::face, Modality::palm}) {
        for (auto const& count : Templates{connection}.contracts(modality))
            figures.templates.push_back({modality, count.contract, static_cast<std::int64_t>(count.templates)});
    }
    auto& rows = figures.rows;
    add_rows(connection, "people", "SELECT '', count(*) FROM person", rows);
    add_rows(connection, "devices", "SELECT '', count(*) FROM device WHERE removed_at IS NULL", rows);
    add_rows(connection, "pictures", "SELECT picture_state, count(*) FROM event GROUP BY picture_state", rows);
    add_rows(connection, "outbox", "SELECT state, count(*) FROM delivery GROUP BY state", rows);
    add_rows(connection, "onts", "SELECT kind, count(*) FROM ont WHERE removed_at IS NULL GROUP BY kind", rows);
    add_rows(connection, "outages", "SELECT iif(ended_at IS NULL, 'open', 'ended') AS state, count(*) FROM outage GROUP BY state",
             rows);
    add_rows(connection, "notifications", "SELECT '', count(*) FROM notification", rows);
    add_rows(connection, "audit", "SELECT '', count(*) FROM audit", rows);

    Query events{connection, "SELECT count(*), min(time), max(time) FROM event"};
    events.next();
    figures.events = events.integer(0);
    if (figures.events > 0) {
        figures.oldest_event = from_ms(events.integer(1));
        figures.newest_event = from_ms(events.integer(2));
    }
    return figures;
}

std::vector<std::string> Upkeep::damage(int most) const {
    std::vector<std::string> lines;
    try {
        Query check{*m_connection, "SELECT integrity_check FROM pragma_integrity_check(?)", most};
        while (check.next()) {
            if (check.text(0) != "ok") lines.emplace_back(check.text(0));
        }
    } catch (Error const& error) {
        if (error.kind() != Kind::data) throw;
        lines.push_back(error.message());
    }
    return lines;
}

std::vector<BrokenReference> Upkeep::broken_references() const {
    std::vector<BrokenReference> broken;
    Query query{*m_connection,
                "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY \"table\", parent ORDER BY 1, 2"};
    while (query.next())
        broken.push_back({std::string{query.text(0)}, std::string{query.text(1)}, query.integer(2)});
    return broken;
}

void Upkeep::each_file(std::function<bool(FileUse const&)> const& visit) const {
    if (!each_portrait(*m_connection, visit)) return;
    Query query{*m_connection, "SELECT id, picture FROM event WHERE picture_state = 'stored' ORDER BY id"};
    while (query.next()) {
        if (!visit({FileKind::picture, std::string{query.text(1)}, query.integer(0)})) return;
    }
}

std::string Upkeep::picture_of(std::int64_t event) const {
    Query query{*m_connection, "SELECT picture FROM event WHERE id = ? AND picture_state = 'stored'", event};
    return query.next() ? std::string{query.text(0)} : std::string{};
}

int Upkeep::forget_portrait(std::string_view path) {
    int const changed = Query{*m_connection, "UPDATE template SET crop = x'' WHERE crop = ?", as_bytes(path)}.run();
    if (changed > 0) grow_generation(*m_connection);
    return changed;
}

}  // namespace bioctl::store
