#include "lib/store/migrations.hpp"

#include <array>

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

constexpr std::array k_migrations{k_people_and_templates};

}  // namespace

std::span<char const* const> migrations() {
    return k_migrations;
}

int newest_schema_version() {
    return static_cast<int>(k_migrations.size());
}

}  // namespace bioctl::store
