// The pictures of events: which are wanted, which are there.

#include "lib/store/events.hpp"
#include "lib/store/query.hpp"

namespace bioctl::store {

std::vector<PictureWork> Events::pictures_due(std::int64_t device, Timestamp now, int limit) const {
    Query query{*m_connection,
                "SELECT id, picture_url, time, serial, picture_attempts FROM event"
                " WHERE device = ? AND picture_state = 'pending' AND picture_next <= ? ORDER BY picture_next, id LIMIT ?",
                device, to_ms(now), limit};
    std::vector<PictureWork> due;
    while (query.next()) {
        due.push_back(
            {query.integer(0), std::string{query.text(1)}, from_ms(query.integer(2)), query.integer(3), query.number(4)});
    }
    return due;
}

bool Events::set_picture(std::int64_t id, std::string_view path, std::uint64_t bytes) {
    Query update{*m_connection,
                 "UPDATE event SET picture_state = 'stored', picture = ?, picture_bytes = ?, picture_reason = '',"
                 " picture_attempts = picture_attempts + 1 WHERE id = ? AND picture_reason <> 'forgotten'",
                 path, static_cast<std::int64_t>(bytes), id};
    if (update.run() == 0) return false;
    // What could not be sent without it can be now.
    Query{*m_connection,
          "UPDATE delivery SET state = 'pending', not_before = 0, finished_at = 0 WHERE event = ? AND state = 'failed'"
          " AND reason = 'no_picture'",
          id}
        .run();
    return true;
}

void Events::set_picture_trouble(std::int64_t id, std::string_view state, std::string_view reason,
                                 std::optional<Timestamp> next) {
    Query{*m_connection,
          "UPDATE event SET picture_state = ?, picture_reason = ?, picture_next = ?, picture_attempts = picture_attempts + 1"
          " WHERE id = ? AND picture_reason <> 'forgotten'",
          state,
          reason,
          next ? to_ms(*next) : 0,
          id}
        .run();
}

std::vector<StoredPicture> Events::pictures_before(Timestamp before, std::int64_t after, int limit) const {
    Query query{*m_connection,
                "SELECT id, picture, picture_bytes FROM event WHERE picture_state = 'stored' AND id > ? AND time < ?"
                " AND NOT EXISTS (SELECT 1 FROM delivery WHERE event = event.id AND state = 'pending') ORDER BY id LIMIT ?",
                after, to_ms(before), limit};
    std::vector<StoredPicture> pictures;
    while (query.next())
        pictures.push_back({query.integer(0), std::string{query.text(1)}, static_cast<std::uint64_t>(query.integer(2))});
    return pictures;
}

void Events::forget_picture(std::int64_t id) {
    Query{*m_connection,
          "UPDATE event SET picture_state = 'gone', picture = '', picture_bytes = 0, picture_reason = 'pruned' WHERE id = ?", id}
        .run();
}

std::uint64_t Events::picture_bytes() const {
    Query query{*m_connection, "SELECT coalesce(sum(picture_bytes), 0) FROM event WHERE picture_state = 'stored'"};
    query.next();
    return static_cast<std::uint64_t>(query.integer(0));
}

}  // namespace bioctl::store
