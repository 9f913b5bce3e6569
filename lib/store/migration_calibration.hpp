#pragma once
// Schema step 6: thresholds chosen from the people who are enrolled. Private to migrations.cpp.

namespace bioctl::store {

// A row says whose distances it is for, so that a change of models makes it silent, not wrong.
constexpr auto k_calibration = R"sql(
    CREATE TABLE calibration (
        modality    TEXT NOT NULL CHECK (modality IN ('face', 'palm')),
        contract    TEXT NOT NULL,
        metric      TEXT NOT NULL CHECK (metric IN ('unit', 'l2', 'code')),
        identify    REAL NOT NULL,
        verify      REAL NOT NULL,
        target_fpir REAL NOT NULL,
        target_fmr  REAL NOT NULL,
        fpir        REAL NOT NULL,
        fpir_low    REAL NOT NULL,
        fpir_high   REAL NOT NULL,
        fnir        REAL NOT NULL,
        fnir_low    REAL NOT NULL,
        fnir_high   REAL NOT NULL,
        fnmr        REAL NOT NULL,
        fnmr_low    REAL NOT NULL,
        fnmr_high   REAL NOT NULL,
        people      INTEGER NOT NULL,
        templates   INTEGER NOT NULL,
        genuine     INTEGER NOT NULL,
        impostors   INTEGER NOT NULL,
        searches    INTEGER NOT NULL,
        curve       TEXT NOT NULL,
        created_at  INTEGER NOT NULL,
        PRIMARY KEY (modality, contract, metric)
    ) STRICT, WITHOUT ROWID;
)sql";

}  // namespace bioctl::store
