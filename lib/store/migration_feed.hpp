#pragma once
// Schema step 5: counts that other programs post, and what pages that look often need. Private to migrations.cpp.

namespace bioctl::store {

// `posted` is what another program said of a count, as JSON, for as long as that is kept.
//
// Whoever follows a table keeps the highest id that he has seen, so the ids of transitions must not come again either.
constexpr auto k_feed = R"sql(
    ALTER TABLE hotspot_count ADD COLUMN posted BLOB;
    CREATE INDEX hotspot_count_of_server ON hotspot_count (router, server, at);
    CREATE INDEX hotspot_count_posted ON hotspot_count (router, server, at) WHERE posted IS NOT NULL;
    CREATE INDEX hotspot_session_seen ON hotspot_session (last_seen);
    CREATE INDEX notification_unread ON notification (id) WHERE clear_batch IS NULL AND is_read = 0;

    CREATE TABLE device_transition_kept (
        id         INTEGER PRIMARY KEY AUTOINCREMENT,
        device     INTEGER NOT NULL REFERENCES device (key) ON DELETE CASCADE,
        at         INTEGER NOT NULL,
        from_state TEXT NOT NULL,
        to_state   TEXT NOT NULL,
        reason     TEXT NOT NULL
    ) STRICT;
    INSERT INTO device_transition_kept (id, device, at, from_state, to_state, reason)
        SELECT id, device, at, from_state, to_state, reason FROM device_transition;
    DROP TABLE device_transition;
    ALTER TABLE device_transition_kept RENAME TO device_transition;
    CREATE INDEX transition_of_device ON device_transition (device, id);
)sql";

}  // namespace bioctl::store
