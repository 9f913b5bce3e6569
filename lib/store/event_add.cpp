// Events::add: is this row new, known, or the first of a new epoch?

#include <algorithm>
#include <cstdlib>

#include "lib/store/events.hpp"
#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

constexpr std::int64_t k_reset_step = 1000;  // a serial so far below the highest does not come late, it comes again
constexpr std::int64_t k_quarter_ms = 15 * 60 * 1000;
constexpr std::int64_t k_widest_shift_ms = std::int64_t{26} * 60 * 60 * 1000;  // UTC-12 to UTC+14

/// A device that is moved to another zone, or to summer time, may tell the times of its old rows anew.
bool is_zone_shift(std::int64_t difference_ms) {
    return difference_ms % k_quarter_ms == 0 && std::abs(difference_ms) <= k_widest_shift_ms;
}

struct Sighting {
    std::optional<std::int64_t> same_event;
    int epoch = 0;                 ///< of the same event
    bool is_serial_taken = false;  ///< in the epoch in hand, by another event
};

Sighting look_up(Connection& connection, std::int64_t device, NewEvent const& row, int epoch) {
    Query query{connection,
                "SELECT id, epoch, time, major, minor, employee_no, picture_url, picture_reason FROM event WHERE device = ?"
                " AND serial = ?",
                device, row.serial};
    Sighting sighting;
    while (query.next()) {
        auto const difference = to_ms(row.time) - query.integer(2);
        // One whose person was forgotten has lost the rest.
        bool const is_same_person =
            query.text(7) == "forgotten" || (query.text(5) == row.employee_no && query.text(6) == row.picture_url);
        bool const is_alike = query.number(3) == row.major && query.number(4) == row.minor && is_same_person;
        if (difference == 0 || (is_alike && is_zone_shift(difference))) {
            sighting.same_event = query.integer(0);
            sighting.epoch = query.number(1);
            return sighting;
        }
        if (query.number(1) == epoch) sighting.is_serial_taken = true;
    }
    return sighting;
}

/// Above every one that the device has had: its cursor may lag behind its events.
int next_epoch(Connection& connection, std::int64_t device, int epoch) {
    Query query{connection, "SELECT coalesce(max(epoch), 0) FROM event WHERE device = ?", device};
    query.next();
    return std::max(epoch, query.number(0)) + 1;
}

std::int64_t insert(Connection& connection, std::int64_t device, NewEvent const& row, int epoch, Timestamp now) {
    Query{
        connection,
        "INSERT INTO event (device, epoch, serial, time, local_time, received_at, major, minor, recognized, employee_no, name,"
        " person, picture_url, picture_state, raw, distance)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
        " (SELECT key FROM person WHERE id = ?10 AND ?10 <> ''), ?12, CASE ?12 WHEN '' THEN 'none' ELSE 'pending' END, ?13, ?14)",
        device,
        epoch,
        row.serial,
        to_ms(row.time),
        row.local_time,
        to_ms(now),
        row.major,
        row.minor,
        row.is_recognized,
        row.employee_no,
        row.name,
        row.picture_url,
        row.raw,
        row.distance}
        .run();
    return connection.last_id();
}

}  // namespace

Added Events::add(std::int64_t device, NewEvent const& row, int& epoch, std::int64_t highest, Timestamp highest_time,
                  Timestamp now) {
    auto const sighting = look_up(*m_connection, device, row, epoch);
    if (sighting.same_event) return {Stored::known, *sighting.same_event, sighting.epoch};
    bool const is_reset = sighting.is_serial_taken || (row.serial + k_reset_step < highest && row.time > highest_time);
    if (is_reset) epoch = next_epoch(*m_connection, device, epoch);
    return {is_reset ? Stored::new_epoch : Stored::added, insert(*m_connection, device, row, epoch, now), epoch};
}

}  // namespace bioctl::store
