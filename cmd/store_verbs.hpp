#pragma once
// The rows below `store`, and what they share.

#include "cmd/verb.hpp"

namespace bioctl::cmd {

Verb store_retention_verb();  // store_retention.cpp
Verb store_prune_verb();      // store_retention.cpp
Verb store_check_verb();      // store_check.cpp
Verb store_backup_verb();     // store_backup.cpp
Verb store_verify_verb();     // store_backup.cpp
Verb store_restore_verb();    // store_restore.cpp
Verb store_vacuum_verb();     // store_change.cpp
Verb store_encrypt_verb();    // store_seal.cpp
Verb store_rekey_verb();      // store_seal.cpp
Verb store_decrypt_verb();    // store_seal.cpp
Verb store_export_verb();     // store_dump.cpp
Verb store_import_verb();     // store_dump.cpp
Verb store_migrate_verb();    // store_change.cpp

/// Error{no_input} with the next step where there is no store yet.
void require_store(Context const& cx);

}  // namespace bioctl::cmd
