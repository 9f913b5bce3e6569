#include "lib/store/devices.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/causes.hpp"
#include "lib/base/text.hpp"
#include "lib/store/lists.hpp"
#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

// One literal for each way to choose: a statement is cached by its text.
#define BIOCTL_DEVICE_COLUMNS                                                                              \
    "SELECT key, name, base_url, user, password, location, tags, tls, pin, window, reuse_nonce, enabled,"  \
    " serial_number, mac, model, firmware, state, state_since, failures, not_before, reason,"              \
    " epoch, cursor_serial, cursor_time, filter_major, filter_minor, has_serial_range, max_results,"       \
    " drift_ms, utc_offset, backlog, last_sync, created_at, updated_at, push_url, generation, dialect_at," \
    " coalesce((SELECT max(time) FROM event WHERE event.device = device.key), 0) FROM device WHERE removed_at IS NULL"

std::string text_of(Query const& query, int column) {
    return std::string{query.text(column)};
}

DeviceConfig config_of(Query const& query) {
    DeviceConfig config;
    config.name = text_of(query, 1);
    config.base_url = text_of(query, 2);
    config.user = text_of(query, 3);
    auto const password = query.blob(4);
    config.password.assign(password.begin(), password.end());
    config.location = text_of(query, 5);
    config.tags = from_lines(query.text(6));
    config.tls = text_of(query, 7);
    config.pin = text_of(query, 8);
    config.window = text_of(query, 9);
    config.reuse_nonce = query.number(10) != 0;
    config.enabled = query.number(11) != 0;
    config.push_url = text_of(query, 34);
    return config;
}

Device device_of(Query const& query) {
    Device device;
    device.key = query.integer(0);
    device.config = config_of(query);
    device.identity = {text_of(query, 12), text_of(query, 13), text_of(query, 14), text_of(query, 15)};
    device.health = {text_of(query, 16), from_ms(query.integer(17)), query.number(18), from_ms(query.integer(19)),
                     text_of(query, 20)};
    device.cursor = {query.number(21), query.integer(22),     from_ms(query.integer(23)), query.number(24),
                     query.number(25), query.number(26) != 0, query.number(27),           {}};
    if (!query.is_null(28)) device.drift_ms = query.integer(28);
    if (!query.is_null(29)) device.utc_offset_minutes = query.number(29);
    device.backlog = query.integer(30);
    device.last_sync = from_ms(query.integer(31));
    device.created_at = from_ms(query.integer(32));
    device.updated_at = from_ms(query.integer(33));
    device.generation = query.integer(35);
    device.cursor.dialect_at = from_ms(query.integer(36));
    device.last_event = from_ms(query.integer(37));
    return device;
}

std::optional<Device> first_of(Query& query) {
    if (!query.next()) return std::nullopt;
    return device_of(query);
}

std::vector<Device> all_of(Query& query) {
    std::vector<Device> devices;
    while (query.next())
        devices.push_back(device_of(query));
    return devices;
}

std::vector<DeviceTransition> transitions_of(Query& query) {
    std::vector<DeviceTransition> transitions;
    while (query.next()) {
        transitions.push_back({query.integer(0), text_of(query, 1), text_of(query, 2), text_of(query, 3), text_of(query, 4),
                               from_ms(query.integer(5))});
    }
    return transitions;
}

}  // namespace

std::optional<Device> Devices::get(std::string_view name) const {
    Query query{*m_connection, BIOCTL_DEVICE_COLUMNS " AND name = ?", name};
    return first_of(query);
}

std::optional<Device> Devices::get(std::int64_t key) const {
    Query query{*m_connection, BIOCTL_DEVICE_COLUMNS " AND key = ?", key};
    return first_of(query);
}

std::optional<Device> Devices::with_serial_number(std::string_view serial_number) const {
    Query query{*m_connection, BIOCTL_DEVICE_COLUMNS " AND serial_number = ? AND serial_number <> ''", serial_number};
    return first_of(query);
}

std::vector<Device> Devices::list() const {
    Query query{*m_connection, BIOCTL_DEVICE_COLUMNS " AND base_url <> '' ORDER BY name"};
    return all_of(query);
}

std::vector<Device> Devices::sources() const {
    Query query{*m_connection, BIOCTL_DEVICE_COLUMNS " AND base_url = '' ORDER BY name"};
    return all_of(query);
}

#undef BIOCTL_DEVICE_COLUMNS

std::int64_t Devices::add(DeviceConfig const& config, Timestamp now) {
    if (get(config.name))
        throw NameTaken{Kind::data, fmt::format("there is a device '{}' already; choose another name", printable(config.name))};
    Query{*m_connection,
          "INSERT INTO device (name, base_url, user, password, location, tags, tls, pin, window, reuse_nonce, enabled,"
          " created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)",
          config.name,
          config.base_url,
          config.user,
          ByteView{config.password},
          config.location,
          to_lines(config.tags),
          config.tls,
          config.pin,
          config.window,
          config.reuse_nonce,
          config.enabled,
          to_ms(now)}
        .run();
    return m_connection->last_id();
}

void Devices::set_config(std::int64_t key, DeviceConfig const& config, Timestamp now) {
    Query{*m_connection,
          "UPDATE device SET name = ?2, base_url = ?3, user = ?4, password = ?5, location = ?6, tags = ?7, tls = ?8, pin = ?9,"
          " window = ?10, reuse_nonce = ?11, enabled = ?12, updated_at = ?13, generation = generation + 1 WHERE key = ?1",
          key,
          config.name,
          config.base_url,
          config.user,
          ByteView{config.password},
          config.location,
          to_lines(config.tags),
          config.tls,
          config.pin,
          config.window,
          config.reuse_nonce,
          config.enabled,
          to_ms(now)}
        .run();
}

void Devices::set_push_url(std::int64_t key, std::string_view url, Timestamp now) {
    Query{*m_connection, "UPDATE device SET push_url = ?2, updated_at = ?3 WHERE key = ?1", key, url, to_ms(now)}.run();
}

void Devices::set_identity(std::int64_t key, DeviceIdentity const& identity, Timestamp now) {
    adopt_removed(key, identity.serial_number);
    Query{*m_connection,
          "UPDATE device SET serial_number = ?2, mac = ?3, model = ?4, firmware = ?5, updated_at = ?6 WHERE key = ?1"
          " AND (serial_number <> ?2 OR mac <> ?3 OR model <> ?4 OR firmware <> ?5)",
          key,
          identity.serial_number,
          identity.mac,
          identity.model,
          identity.firmware,
          to_ms(now)}
        .run();
}

void Devices::adopt_removed(std::int64_t key, std::string_view serial_number) {
    if (serial_number.empty()) return;
    Query find{*m_connection,
               "SELECT key, epoch, cursor_serial, cursor_time FROM device"
               " WHERE serial_number = ? AND key <> ? AND removed_at IS NOT NULL",
               serial_number, key};
    if (!find.next()) return;
    auto const old = find.integer(0);
    // Behind the epochs of what this device has read from another terminal.
    Query epochs{*m_connection, "SELECT coalesce(max(epoch), 0) FROM event WHERE device = ?", key};
    epochs.next();
    auto const shift = epochs.integer(0);
    Query{*m_connection,           "UPDATE device SET epoch = ?, cursor_serial = ?, cursor_time = ? WHERE key = ?",
          find.integer(1) + shift, find.integer(2),
          find.integer(3),         key}
        .run();
    Query{*m_connection, "UPDATE event SET device = ?, epoch = epoch + ? WHERE device = ?", key, shift, old}.run();
    Query{*m_connection, "UPDATE OR REPLACE device_person SET device = ? WHERE device = ?", key, old}.run();
    Query{*m_connection, "DELETE FROM device WHERE key = ?", old}.run();
}

bool Devices::is_current(std::int64_t key, std::int64_t generation) const {
    Query query{*m_connection, "SELECT 1 FROM device WHERE key = ? AND generation = ? AND removed_at IS NULL", key, generation};
    return query.next();
}

std::optional<std::string> Devices::set_health(std::int64_t key, DeviceHealth const& health, Timestamp now,
                                               std::optional<std::int64_t> generation) {
    if (generation && !is_current(key, *generation)) return std::nullopt;
    std::optional<std::string> before;
    if (Query query{*m_connection, "SELECT state FROM device WHERE key = ? AND state <> ?", key, health.state}; query.next())
        before = text_of(query, 0);
    Query{*m_connection,
          "INSERT INTO device_transition (device, at, from_state, to_state, reason)"
          " SELECT key, ?2, state, ?3, ?4 FROM device WHERE key = ?1 AND state <> ?3",
          key,
          to_ms(now),
          health.state,
          health.reason}
        .run();
    Query{*m_connection,   "UPDATE device SET state = ?, state_since = ?, failures = ?, not_before = ?, reason = ? WHERE key = ?",
          health.state,    to_ms(health.since),
          health.failures, to_ms(health.not_before),
          health.reason,   key}
        .run();
    return before;
}

void Devices::set_cursor(std::int64_t key, DeviceCursor const& cursor) {
    Query{*m_connection,
          "UPDATE device SET epoch = ?2, cursor_serial = ?3, cursor_time = ?4, filter_major = ?5, filter_minor = ?6,"
          " has_serial_range = ?7, max_results = ?8, dialect_at = ?9 WHERE key = ?1",
          key,
          cursor.epoch,
          cursor.serial,
          to_ms(cursor.time),
          cursor.filter_major,
          cursor.filter_minor,
          cursor.has_serial_range,
          cursor.max_results,
          to_ms(cursor.dialect_at)}
        .run();
}

void Devices::set_clock(std::int64_t key, std::int64_t drift_ms, int utc_offset_minutes) {
    Query{*m_connection, "UPDATE device SET drift_ms = ?, utc_offset = ? WHERE key = ?", drift_ms, utc_offset_minutes, key}.run();
}

void Devices::set_synced(std::int64_t key, Timestamp now, std::int64_t backlog) {
    Query{*m_connection, "UPDATE device SET last_sync = ?, backlog = ? WHERE key = ?", to_ms(now), backlog, key}.run();
}

bool Devices::remove(std::string_view name, Timestamp now) {
    return Query{*m_connection,
                 "UPDATE device SET removed_at = ?, password = x'', user = '', enabled = 0 WHERE name = ? AND removed_at IS NULL",
                 to_ms(now), name}
               .run() > 0;
}

std::vector<std::string> Devices::names_ever() const {
    Query query{*m_connection, "SELECT DISTINCT name FROM device ORDER BY name"};
    std::vector<std::string> names;
    while (query.next())
        names.push_back(text_of(query, 0));
    return names;
}

std::vector<std::string> Devices::locations_ever() const {
    Query query{*m_connection, "SELECT DISTINCT location FROM device WHERE location <> '' ORDER BY location"};
    std::vector<std::string> locations;
    while (query.next())
        locations.push_back(text_of(query, 0));
    return locations;
}

#define BIOCTL_TRANSITION_COLUMNS                                                                                         \
    "SELECT device_transition.id, device.name, from_state, to_state, device_transition.reason, at FROM device_transition" \
    " JOIN device ON device.key = device_transition.device"

std::vector<DeviceTransition> Devices::transitions(std::optional<std::int64_t> device, int limit) const {
    Query query{*m_connection,
                BIOCTL_TRANSITION_COLUMNS " WHERE (?1 IS NULL OR device = ?1) ORDER BY device_transition.id DESC LIMIT ?2",
                device, limit};
    return transitions_of(query);
}

std::int64_t Devices::newest_transition() const {
    return m_connection->integer("SELECT coalesce(max(id), 0) FROM device_transition");
}

std::vector<DeviceTransition> Devices::transitions_after(std::int64_t id, int limit) const {
    Query query{*m_connection,
                BIOCTL_TRANSITION_COLUMNS " WHERE device_transition.id > ? ORDER BY device_transition.id DESC LIMIT ?", id,
                limit};
    auto transitions = transitions_of(query);
    std::ranges::reverse(transitions);
    return transitions;
}

std::int64_t Devices::count_transitions_after(std::int64_t id) const {
    Query query{*m_connection, "SELECT count(*) FROM device_transition WHERE id > ?", id};
    query.next();
    return query.integer(0);
}

#undef BIOCTL_TRANSITION_COLUMNS

}  // namespace bioctl::store
