#include "lib/store/migrations.hpp"

#include <array>

#include "lib/store/migration_accounts.hpp"
#include "lib/store/migration_calibration.hpp"
#include "lib/store/migration_changes.hpp"
#include "lib/store/migration_feed.hpp"
#include "lib/store/migration_network.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

namespace {

// Times are UTC milliseconds. Paths are BLOBs because they may hold any bytes. Vectors are float32 and exact ones float64, both
// little-endian. Template ids are never used twice (AUTOINCREMENT): records and logs keep naming them after a deletion.
// The text of a contract id would otherwise be repeated in every row and index, hence its table.
constexpr auto k_people_and_templates = R"sql(
    CREATE TABLE meta (
        key   TEXT NOT NULL PRIMARY KEY,
        value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO meta (key, value) VALUES ('generation', 0);

    CREATE TABLE person (
        key        INTEGER PRIMARY KEY,
        id         TEXT NOT NULL UNIQUE CHECK (id <> ''),
        name       TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE contract (
        key INTEGER PRIMARY KEY,
        id  TEXT NOT NULL UNIQUE CHECK (id <> '')
    ) STRICT;

    CREATE TABLE template (
        id               INTEGER PRIMARY KEY AUTOINCREMENT,
        person           INTEGER NOT NULL REFERENCES person (key) ON DELETE CASCADE,
        modality         TEXT NOT NULL CHECK (modality IN ('face', 'palm')),
        contract         INTEGER NOT NULL REFERENCES contract (key),
        vector           BLOB NOT NULL CHECK (length(vector) > 0 AND length(vector) % 4 = 0),
        exact            BLOB CHECK (length(exact) = 2 * length(vector)),
        double_precision INTEGER NOT NULL CHECK (double_precision IN (0, 1)),
        quality          REAL NOT NULL CHECK (quality BETWEEN 0 AND 1),
        photo            BLOB CHECK (length(photo) = 32),
        face_index       INTEGER NOT NULL CHECK (face_index >= 0),
        source           BLOB NOT NULL,
        origin           BLOB NOT NULL,
        crop             BLOB NOT NULL,
        box_top          INTEGER NOT NULL,
        box_right        INTEGER NOT NULL,
        box_bottom       INTEGER NOT NULL,
        box_left         INTEGER NOT NULL,
        rotation         INTEGER NOT NULL CHECK (rotation IN (0, 90, 180, 270)),
        created_at       INTEGER NOT NULL,
        CHECK (box_top <= box_bottom AND box_left <= box_right)
    ) STRICT;
    CREATE UNIQUE INDEX template_of_photo ON template (person, contract, modality, photo, face_index) WHERE photo IS NOT NULL;
    CREATE INDEX template_of_person ON template (person, modality, contract);
    CREATE INDEX template_of_contract ON template (modality, contract);
    CREATE INDEX template_of_crop ON template (crop) WHERE crop <> x'';
)sql";

// Lists of words are one text, a line for each. A device that is removed stays as the name of its events. An event that is no
// longer of a known person keeps its employee number. A delivery is of an event, or has a body of its own.
constexpr auto k_devices_events_outbox = R"sql(
    CREATE TABLE device (
        key              INTEGER PRIMARY KEY AUTOINCREMENT,
        name             TEXT NOT NULL CHECK (name <> ''),
        base_url         TEXT NOT NULL,
        user             TEXT NOT NULL,
        password         BLOB NOT NULL,
        location         TEXT NOT NULL,
        tags             TEXT NOT NULL,
        tls              TEXT NOT NULL CHECK (tls IN ('ca', 'pin', 'off')),
        pin              TEXT NOT NULL,
        window           TEXT NOT NULL CHECK (window IN ('device', 'none', 'utc')),
        reuse_nonce      INTEGER NOT NULL CHECK (reuse_nonce IN (0, 1)),
        enabled          INTEGER NOT NULL CHECK (enabled IN (0, 1)),
        push_url         TEXT NOT NULL DEFAULT '',
        generation       INTEGER NOT NULL DEFAULT 1,
        serial_number    TEXT NOT NULL DEFAULT '',
        mac              TEXT NOT NULL DEFAULT '',
        model            TEXT NOT NULL DEFAULT '',
        firmware         TEXT NOT NULL DEFAULT '',
        state            TEXT NOT NULL DEFAULT 'unknown',
        state_since      INTEGER NOT NULL DEFAULT 0,
        failures         INTEGER NOT NULL DEFAULT 0,
        not_before       INTEGER NOT NULL DEFAULT 0,
        reason           TEXT NOT NULL DEFAULT '',
        epoch            INTEGER NOT NULL DEFAULT 1,
        cursor_serial    INTEGER NOT NULL DEFAULT 0,
        cursor_time      INTEGER NOT NULL DEFAULT 0,
        filter_major     INTEGER NOT NULL DEFAULT 5,
        filter_minor     INTEGER NOT NULL DEFAULT 0,
        has_serial_range INTEGER NOT NULL DEFAULT 1,
        max_results      INTEGER NOT NULL DEFAULT 30,
        dialect_at       INTEGER NOT NULL DEFAULT 0,
        drift_ms         INTEGER,
        utc_offset       INTEGER,
        backlog          INTEGER NOT NULL DEFAULT 0,
        last_sync        INTEGER NOT NULL DEFAULT 0,
        created_at       INTEGER NOT NULL,
        updated_at       INTEGER NOT NULL,
        removed_at       INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX device_name ON device (name) WHERE removed_at IS NULL;
    CREATE UNIQUE INDEX device_identity ON device (serial_number) WHERE serial_number <> '';

    CREATE TABLE device_transition (
        id         INTEGER PRIMARY KEY,
        device     INTEGER NOT NULL REFERENCES device (key) ON DELETE CASCADE,
        at         INTEGER NOT NULL,
        from_state TEXT NOT NULL,
        to_state   TEXT NOT NULL,
        reason     TEXT NOT NULL
    ) STRICT;
    CREATE INDEX transition_of_device ON device_transition (device, id);

    CREATE TABLE device_person (
        device      INTEGER NOT NULL REFERENCES device (key) ON DELETE CASCADE,
        employee_no TEXT NOT NULL,
        name        TEXT NOT NULL,
        photo       TEXT NOT NULL,
        pushed_at   INTEGER NOT NULL,
        PRIMARY KEY (device, employee_no)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE event (
        id               INTEGER PRIMARY KEY AUTOINCREMENT,
        device           INTEGER NOT NULL REFERENCES device (key),
        epoch            INTEGER NOT NULL,
        serial           INTEGER NOT NULL,
        time             INTEGER NOT NULL,
        local_time       TEXT NOT NULL,
        received_at      INTEGER NOT NULL,
        major            INTEGER NOT NULL,
        minor            INTEGER NOT NULL,
        recognized       INTEGER NOT NULL CHECK (recognized IN (0, 1)),
        employee_no      TEXT NOT NULL,
        name             TEXT NOT NULL,
        person           INTEGER REFERENCES person (key) ON DELETE SET NULL,
        picture_url      TEXT NOT NULL,
        picture_state    TEXT NOT NULL CHECK (picture_state IN ('none', 'pending', 'stored', 'gone', 'failed')),
        picture          TEXT NOT NULL DEFAULT '',
        picture_bytes    INTEGER NOT NULL DEFAULT 0,
        picture_attempts INTEGER NOT NULL DEFAULT 0,
        picture_next     INTEGER NOT NULL DEFAULT 0,
        picture_reason   TEXT NOT NULL DEFAULT '',
        verdict          TEXT NOT NULL DEFAULT '',
        distance         REAL,
        raw              TEXT NOT NULL,
        UNIQUE (device, epoch, serial)
    ) STRICT;
    CREATE INDEX event_by_time ON event (time, id);
    CREATE INDEX event_by_serial ON event (device, serial);
    CREATE INDEX event_by_device ON event (device, time);
    CREATE INDEX event_by_employee ON event (employee_no, time) WHERE employee_no <> '';
    CREATE INDEX event_of_person ON event (person) WHERE person IS NOT NULL;
    CREATE INDEX event_wants_picture ON event (device, picture_next) WHERE picture_state = 'pending';
    CREATE INDEX event_has_picture ON event (id) WHERE picture_state = 'stored';
    CREATE INDEX event_unverified ON event (id) WHERE picture_state = 'stored' AND recognized = 1 AND verdict = '';

    CREATE TABLE target (
        key           INTEGER PRIMARY KEY,
        name          TEXT NOT NULL UNIQUE CHECK (name <> ''),
        url           TEXT NOT NULL,
        format        TEXT NOT NULL,
        body_template TEXT NOT NULL,
        picture       TEXT NOT NULL,
        bearer        BLOB NOT NULL,
        hmac_key      BLOB NOT NULL,
        devices       TEXT NOT NULL,
        locations     TEXT NOT NULL,
        kinds         TEXT NOT NULL,
        cooldown_s    INTEGER NOT NULL CHECK (cooldown_s >= 0),
        timeout_s     INTEGER NOT NULL CHECK (timeout_s > 0),
        enabled       INTEGER NOT NULL CHECK (enabled IN (0, 1)),
        created_at    INTEGER NOT NULL,
        updated_at    INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE delivery (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        target          INTEGER NOT NULL REFERENCES target (key) ON DELETE CASCADE,
        event           INTEGER REFERENCES event (id) ON DELETE CASCADE,
        body            TEXT NOT NULL DEFAULT '',
        order_key       TEXT NOT NULL,
        order_time      INTEGER NOT NULL,
        idempotency_key TEXT NOT NULL,
        state           TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'failed', 'skipped', 'dropped')),
        attempts        INTEGER NOT NULL DEFAULT 0,
        created_at      INTEGER NOT NULL,
        not_before      INTEGER NOT NULL DEFAULT 0,
        finished_at     INTEGER NOT NULL DEFAULT 0,
        reason          TEXT NOT NULL DEFAULT '',
        http_status     INTEGER NOT NULL DEFAULT 0,
        reply           TEXT NOT NULL DEFAULT '',
        UNIQUE (target, event),
        CHECK ((event IS NULL) = (body <> ''))
    ) STRICT;
    CREATE INDEX delivery_of_event ON delivery (event);
    CREATE INDEX delivery_pending ON delivery (target, order_key, order_time, id) WHERE state = 'pending';
    CREATE INDEX delivery_by_person ON delivery (target, order_key, order_time) WHERE order_key <> '';
    CREATE INDEX delivery_due ON delivery (not_before) WHERE state = 'pending';
)sql";

constexpr std::array k_migrations{
    k_people_and_templates, k_devices_events_outbox, k_network, k_accounts, k_feed, k_calibration, k_changes};

}  // namespace

std::span<char const* const> migrations() {
    return k_migrations;
}

int newest_schema_version() {
    return static_cast<int>(k_migrations.size());
}

}  // namespace bioctl::store
