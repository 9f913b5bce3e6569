#pragma once
// SQLiteCpp's database and its prepared statements. Private to store/: the one header that names SQLiteCpp.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "lib/base/causes.hpp"
#include "lib/base/vault.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

inline constexpr char const* k_in_memory = ":memory:";

/// How much of the file counts.
enum class View {
    live,    ///< with its write-ahead log and locks
    frozen,  ///< only what the file itself holds; nothing is locked or made beside it. For media where nobody can write.
};

/// SQLite's address of a file, whose name may hold any bytes: https://www.sqlite.org/uri.html. `parameters`: "?vfs=unix".
[[nodiscard]] std::string file_uri(fs::path const& file, std::string_view parameters);

class Connection {
public:
    /// Opens an existing file; nothing is read from it yet. Throws Error as Store::open.
    Connection(fs::path const& file, Options const& options, View view = View::live);

    [[nodiscard]] fs::path const& file() const { return m_file; }
    [[nodiscard]] Options const& options() const { return m_options; }
    /// What the file is sealed with; nullptr if it is not.
    [[nodiscard]] std::shared_ptr<Vault const> const& vault() const { return m_vault; }

    /// For what SQLiteCpp has objects of its own for.
    [[nodiscard]] SQLite::Database& database() { return m_database; }

    /// Statements without parameters and without an answer.
    void execute(char const* sql);
    /// The first column of the first row.
    [[nodiscard]] std::int64_t integer(char const* sql);

    [[nodiscard]] std::int64_t last_id() const { return m_database.getLastInsertRowid(); }
    /// Rows that the last INSERT, UPDATE or DELETE touched itself, those of cascades not counted.
    [[nodiscard]] int changes() const { return m_database.getChanges(); }

    [[nodiscard]] bool in_transaction() const;
    void rollback() noexcept;

    /// Whether the last connection that closes writes the log back into the file (SQLite's habit). Not wanted while it is unclear
    /// whose file this is.
    enum class OnClose { checkpoint, leave };
    void set_on_close(OnClose what);

    /// A prepared statement, from the cache if it holds one. `sql` must be a literal: it is the key.
    [[nodiscard]] std::unique_ptr<SQLite::Statement> take(std::string_view sql);
    void give_back(std::string_view sql, std::unique_ptr<SQLite::Statement> statement) noexcept;

    [[nodiscard]] OwnFault error(SQLite::Exception const& exception) const;

private:
    fs::path m_file;
    Options m_options;
    std::shared_ptr<Vault const> m_vault;
    SQLite::Database m_database;
    std::unordered_map<std::string_view, std::unique_ptr<SQLite::Statement>> m_statements;  // destroyed before the database
};

}  // namespace bioctl::store
