#pragma once
// Schema step 3: ONTs, their rounds and outages, routers and hotspot users, alerts and notifications. Private to migrations.cpp.

namespace bioctl::store {

// Times are UTC milliseconds, lists of words one text with a line for each, as in the steps before.
//
// An ONT that is removed keeps its row: outages and history stay under its name. What a parent is (OLT, switch) is a row too,
// with or without an address. `samples` and `buckets` are packed, see ping_history.hpp; what slot n of a round's samples belongs
// to says its layout, which changes only when the set of ONTs does.
//
// A session of a hotspot is counted in differences of the router's counters, which start again with each login.
//
// An alert is what people are told of: one for each cause, whatever number of outages it has. alert_told says how far each target
// has been told (target 0: the list of notifications).
constexpr auto k_network = R"sql(
    CREATE TABLE ont (
        id          INTEGER PRIMARY KEY AUTOINCREMENT,
        kind        TEXT NOT NULL CHECK (kind IN ('ont', 'olt', 'switch')),
        customer_id TEXT NOT NULL,
        name        TEXT NOT NULL,
        location    TEXT NOT NULL,
        latitude    REAL CHECK (latitude BETWEEN -90 AND 90),
        longitude   REAL CHECK (longitude BETWEEN -180 AND 180),
        host        TEXT NOT NULL,
        parent      INTEGER REFERENCES ont (id) ON DELETE SET NULL,
        tags        TEXT NOT NULL,
        enabled     INTEGER NOT NULL CHECK (enabled IN (0, 1)),
        extra       TEXT NOT NULL DEFAULT '',
        created_at  INTEGER NOT NULL,
        updated_at  INTEGER NOT NULL,
        removed_at  INTEGER,
        CHECK (parent IS NULL OR parent <> id)
    ) STRICT;
    CREATE UNIQUE INDEX ont_customer ON ont (customer_id) WHERE customer_id <> '' AND removed_at IS NULL;
    CREATE INDEX ont_parent ON ont (parent) WHERE parent IS NOT NULL;

    CREATE TABLE ont_state (
        ont           INTEGER PRIMARY KEY REFERENCES ont (id) ON DELETE CASCADE,
        state         TEXT NOT NULL CHECK (state IN ('unknown', 'up', 'down')),
        lost          INTEGER NOT NULL,
        samples       INTEGER NOT NULL,
        last_answered INTEGER NOT NULL,
        last_lost     INTEGER NOT NULL,
        run_since     INTEGER NOT NULL,
        run_after     INTEGER NOT NULL,
        states        INTEGER NOT NULL,
        rounds        INTEGER NOT NULL,
        is_flapping   INTEGER NOT NULL CHECK (is_flapping IN (0, 1)),
        rtt_us        INTEGER,
        asked_at      INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE ping_layout (
        key  INTEGER PRIMARY KEY,
        onts BLOB NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE ping_round (
        key        INTEGER PRIMARY KEY AUTOINCREMENT,
        started_at INTEGER NOT NULL,
        took_ms    INTEGER NOT NULL,
        layout     INTEGER NOT NULL REFERENCES ping_layout (key),
        is_blind   INTEGER NOT NULL CHECK (is_blind IN (0, 1)),
        up         INTEGER NOT NULL,
        down       INTEGER NOT NULL,
        unknown    INTEGER NOT NULL,
        flapping   INTEGER NOT NULL,
        lost       INTEGER NOT NULL,
        samples    BLOB
    ) STRICT;
    CREATE INDEX ping_round_by_time ON ping_round (started_at);

    CREATE TABLE ping_cover (
        key    INTEGER PRIMARY KEY,
        layout INTEGER NOT NULL REFERENCES ping_layout (key),
        since  INTEGER NOT NULL,
        until  INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX ping_cover_by_time ON ping_cover (until);

    CREATE TABLE ping_history (
        key     INTEGER PRIMARY KEY,
        tier    INTEGER NOT NULL,
        ont     INTEGER NOT NULL REFERENCES ont (id) ON DELETE CASCADE,
        since   INTEGER NOT NULL,
        buckets BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX ping_history_of_ont ON ping_history (ont, tier, since);
    CREATE INDEX ping_history_by_age ON ping_history (tier, since);

    CREATE TABLE alert (
        id        INTEGER PRIMARY KEY AUTOINCREMENT,
        kind      TEXT NOT NULL CHECK (kind IN ('ont', 'parent', 'flapping', 'monitor', 'router')),
        subject   INTEGER NOT NULL,
        name      TEXT NOT NULL,
        opened_at INTEGER NOT NULL,
        closed_at INTEGER,
        acked_at  INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX alert_open ON alert (kind, subject) WHERE closed_at IS NULL;
    CREATE INDEX alert_closed ON alert (closed_at) WHERE closed_at IS NOT NULL;

    CREATE TABLE alert_told (
        alert   INTEGER NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
        target  INTEGER NOT NULL,
        down_at INTEGER NOT NULL,
        up_at   INTEGER,
        PRIMARY KEY (alert, target)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE outage (
        id             INTEGER PRIMARY KEY AUTOINCREMENT,
        ont            INTEGER NOT NULL REFERENCES ont (id),
        ont_name       TEXT NOT NULL,
        started_at     INTEGER NOT NULL,
        start_error    INTEGER NOT NULL,
        ended_at       INTEGER CHECK (ended_at >= started_at),
        end_error      INTEGER,
        is_inferred    INTEGER NOT NULL DEFAULT 0 CHECK (is_inferred IN (0, 1)),
        parent_outage  INTEGER REFERENCES outage (id) ON DELETE SET NULL,
        alert          INTEGER REFERENCES alert (id) ON DELETE SET NULL,
        in_maintenance INTEGER NOT NULL DEFAULT 0 CHECK (in_maintenance IN (0, 1)),
        acked_at       INTEGER,
        acked_by       TEXT NOT NULL DEFAULT '',
        note           TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE UNIQUE INDEX outage_open ON outage (ont) WHERE ended_at IS NULL;
    CREATE INDEX outage_of_ont ON outage (ont, started_at);
    CREATE INDEX outage_by_time ON outage (started_at);
    CREATE INDEX outage_of_alert ON outage (alert) WHERE alert IS NOT NULL;
    CREATE INDEX outage_of_parent ON outage (parent_outage) WHERE parent_outage IS NOT NULL;

    CREATE TABLE maintenance (
        id          INTEGER PRIMARY KEY AUTOINCREMENT,
        scope       TEXT NOT NULL CHECK (scope IN ('all', 'ont', 'parent', 'location', 'group')),
        scope_value TEXT NOT NULL,
        zone        TEXT NOT NULL,
        starts      TEXT NOT NULL,
        duration_s  INTEGER NOT NULL CHECK (duration_s > 0),
        repeats     TEXT NOT NULL CHECK (repeats IN ('once', 'daily', 'weekly')),
        until       TEXT NOT NULL,
        reason      TEXT NOT NULL,
        created_at  INTEGER NOT NULL,
        removed_at  INTEGER
    ) STRICT;

    CREATE TABLE notification (
        id          INTEGER PRIMARY KEY AUTOINCREMENT,
        at          INTEGER NOT NULL,
        type        TEXT NOT NULL CHECK (type IN ('success', 'info', 'warning', 'error')),
        message     TEXT NOT NULL,
        ont         INTEGER,
        ont_name    TEXT,
        is_read     INTEGER NOT NULL DEFAULT 0 CHECK (is_read IN (0, 1)),
        clear_batch INTEGER
    ) STRICT;
    CREATE INDEX notification_shown ON notification (at, id) WHERE clear_batch IS NULL;
    CREATE INDEX notification_cleared ON notification (clear_batch) WHERE clear_batch IS NOT NULL;

    CREATE TABLE notification_clear (
        batch INTEGER PRIMARY KEY AUTOINCREMENT,
        at    INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE router (
        key        INTEGER PRIMARY KEY AUTOINCREMENT,
        name       TEXT NOT NULL CHECK (name <> ''),
        host       TEXT NOT NULL,
        port       INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
        via        TEXT NOT NULL CHECK (via IN ('api', 'rest')),
        tls        TEXT NOT NULL CHECK (tls IN ('off', 'ca', 'pin', 'anon')),
        pin        TEXT NOT NULL,
        user       TEXT NOT NULL,
        password   BLOB NOT NULL,
        login      TEXT NOT NULL CHECK (login IN ('auto', 'plain', 'md5')),
        enabled    INTEGER NOT NULL CHECK (enabled IN (0, 1)),
        generation INTEGER NOT NULL DEFAULT 1,
        identity   TEXT NOT NULL DEFAULT '',
        version    TEXT NOT NULL DEFAULT '',
        state      TEXT NOT NULL DEFAULT 'unknown' CHECK (state IN ('unknown', 'ok', 'failing', 'refused')),
        failures   INTEGER NOT NULL DEFAULT 0,
        not_before INTEGER NOT NULL DEFAULT 0,
        reason     TEXT NOT NULL DEFAULT '',
        last_poll  INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        removed_at INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX router_name ON router (name) WHERE removed_at IS NULL;

    CREATE TABLE hotspot_count (
        key    INTEGER PRIMARY KEY,
        router INTEGER NOT NULL REFERENCES router (key),
        server TEXT NOT NULL,
        at     INTEGER NOT NULL,
        users  INTEGER NOT NULL CHECK (users >= 0),
        UNIQUE (at, router, server)
    ) STRICT;

    CREATE TABLE hotspot_session (
        id            INTEGER PRIMARY KEY AUTOINCREMENT,
        router        INTEGER NOT NULL REFERENCES router (key),
        server        TEXT NOT NULL,
        session       TEXT NOT NULL,
        mac           TEXT NOT NULL,
        ip            TEXT NOT NULL,
        user          TEXT NOT NULL,
        login_by      TEXT NOT NULL,
        started_at    INTEGER NOT NULL,
        last_seen     INTEGER NOT NULL,
        ended_at      INTEGER,
        bytes_in      INTEGER NOT NULL DEFAULT 0,
        bytes_out     INTEGER NOT NULL DEFAULT 0,
        counter_in    INTEGER NOT NULL DEFAULT 0,
        counter_out   INTEGER NOT NULL DEFAULT 0,
        uptime_s      INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX hotspot_session_open ON hotspot_session (router) WHERE ended_at IS NULL;
    CREATE INDEX hotspot_session_by_time ON hotspot_session (started_at);
    CREATE INDEX hotspot_session_of_mac ON hotspot_session (mac, started_at);

    ALTER TABLE target ADD COLUMN quiet TEXT NOT NULL DEFAULT '';
    ALTER TABLE target ADD COLUMN after_s INTEGER NOT NULL DEFAULT 30 CHECK (after_s >= 0);
)sql";

}  // namespace bioctl::store
