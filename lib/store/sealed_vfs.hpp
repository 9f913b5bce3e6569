#pragma once
// SQLite's files, sealed: an operating system layer (https://www.sqlite.org/vfs.html) between SQLite and the usual one. Private
// to store/.
//
// Every page is sealed by itself, in the file, in the write-ahead log and in the rollback journal; nonce and tag are in the bytes
// that SQLite leaves free at the end of each page when it is asked to (SQLITE_FCNTL_RESERVE_BYTES), as its own checksum layer
// does (https://www.sqlite.org/cksumvfs.html). What stays readable is how large the file is, which pages were written, and the
// counters of the log. Files without a name (sorting, VACUUM) are enciphered with a key that nobody keeps.

#include <filesystem>
#include <memory>

#include "lib/base/vault.hpp"

struct sqlite3;

namespace bioctl::store {

namespace fs = std::filesystem;

/// The Vault of the store `file`; nullptr if it is not sealed. A file that SQLite can read as it is, is not, whatever lies beside
/// it: it is about to be sealed. Throws Error as Vault::of().
std::shared_ptr<Vault const> vault_of_store(fs::path const& file);

/// The layer's name for sqlite3_open_v2(); made when it is first asked for, and there until the process ends. nullptr, which is
/// SQLite's usual one, without a Vault.
char const* vfs_name(std::shared_ptr<Vault const> const& vault);

/// Asks for the free bytes; counts for a file that is empty still, and for the outcome of a VACUUM.
void reserve_page_extra(sqlite3* database, std::shared_ptr<Vault const> const& vault);

}  // namespace bioctl::store
