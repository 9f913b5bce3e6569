#pragma once
// The step that brings accounts, API keys, sessions and the audit log. Private to store/.

namespace bioctl::store {

// Names of accounts and keys differ in more than case. A removed account and a revoked key stay as what the audit log names.
// Failed logins are by digest: what is typed into the field of a name may be a password. audit_head is written with each row
// of audit: rows that are cut off at the end are missed.
inline constexpr auto k_accounts = R"sql(
    CREATE TABLE account (
        key        INTEGER PRIMARY KEY AUTOINCREMENT,
        name       TEXT NOT NULL COLLATE NOCASE CHECK (name <> ''),
        role       TEXT NOT NULL CHECK (role IN ('admin', 'operator', 'viewer')),
        password   TEXT NOT NULL,
        enabled    INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
        last_login INTEGER NOT NULL DEFAULT 0,
        last_peer  TEXT NOT NULL DEFAULT '',
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        removed_at INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX account_name ON account (name) WHERE removed_at IS NULL;

    CREATE TABLE login_failure (
        kind       TEXT NOT NULL CHECK (kind IN ('name', 'peer')),
        digest     BLOB NOT NULL CHECK (length(digest) = 32),
        failures   INTEGER NOT NULL CHECK (failures >= 0),
        not_before INTEGER NOT NULL,
        at         INTEGER NOT NULL,
        PRIMARY KEY (kind, digest)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX login_failure_by_time ON login_failure (kind, at);

    CREATE TABLE api_key (
        id           TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
        name         TEXT NOT NULL COLLATE NOCASE CHECK (name <> ''),
        digest       BLOB NOT NULL CHECK (length(digest) = 32),
        scopes       TEXT NOT NULL,
        expires_at   INTEGER NOT NULL DEFAULT 0,
        last_used_at INTEGER NOT NULL DEFAULT 0,
        created_at   INTEGER NOT NULL,
        created_by   TEXT NOT NULL,
        revoked_at   INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX api_key_name ON api_key (name) WHERE revoked_at IS NULL;

    CREATE TABLE web_session (
        digest     BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
        account    INTEGER NOT NULL REFERENCES account (key) ON DELETE CASCADE,
        csrf       TEXT NOT NULL CHECK (csrf <> ''),
        created_at INTEGER NOT NULL,
        last_seen  INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        peer       TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX web_session_of_account ON web_session (account, last_seen);

    CREATE TABLE audit (
        id      INTEGER PRIMARY KEY,
        at      INTEGER NOT NULL,
        who     TEXT NOT NULL,
        origin  TEXT NOT NULL,
        action  TEXT NOT NULL CHECK (action <> ''),
        subject TEXT NOT NULL,
        detail  TEXT NOT NULL,
        hash    BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    CREATE INDEX audit_by_time ON audit (at);

    CREATE TABLE audit_head (
        one  INTEGER PRIMARY KEY CHECK (one = 1),
        id   INTEGER NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
)sql";

}  // namespace bioctl::store
