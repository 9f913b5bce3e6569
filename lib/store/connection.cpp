#include "lib/store/connection.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include <fmt/format.h>
#include <sqlite3.h>

#include "lib/base/text.hpp"
#include "lib/store/errors.hpp"
#include "lib/store/sealed_vfs.hpp"

namespace bioctl::store {

namespace {

int milliseconds(std::chrono::milliseconds time) {
    return static_cast<int>(std::clamp<std::int64_t>(time.count(), 0, std::numeric_limits<int>::max()));
}

SQLite::Database open_database(fs::path const& file, Options const& options, View view, char const* layer) {
    try {
        int const timeout = milliseconds(options.busy_timeout);
        int const access = options.access == Access::read_only ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE;
        // One thread per Store. Addresses count in VACUUM INTO; an absolute path is none.
        int const flags = access | SQLite::OPEN_NOMUTEX | SQLite::OPEN_URI;
        std::string const vfs = layer == nullptr ? "" : layer;
        if (view == View::live) return {file.native(), flags, timeout, vfs};
        return {file_uri(file, "?immutable=1"), flags, timeout, vfs};
    } catch (SQLite::Exception const& exception) {
        throw cannot_open(file, options.access, exception.what());
    }
}

}  // namespace

std::string file_uri(fs::path const& file, std::string_view parameters) {
    std::string uri = "file:";
    for (char const byte : file.native()) {
        bool const is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                              byte == '/' || byte == '.' || byte == '-' || byte == '_';
        uri += is_plain ? std::string(1, byte) : fmt::format("%{:02x}", static_cast<unsigned char>(byte));
    }
    return uri.append(parameters);
}

Connection::Connection(fs::path const& file, Options const& options, View view)
    : m_file(file),
      m_options(options),
      m_vault(file == k_in_memory ? nullptr : vault_of_store(file)),
      m_database(open_database(file, options, view, vfs_name(m_vault))) {
    // Between our look at the file and SQLite's opening it another may have taken its place.
    if (file != k_in_memory && vault_of_store(file) != m_vault)
        throw Error{Kind::busy, fmt::format("{} is being sealed or opened; wait for it and try again", printable(file.string()))};
    reserve_page_extra(m_database.getHandle(), m_vault);
    // A writer asked for and a reader got: SQLite is content with a file that may only be read.
    if (options.access == Access::read_write && sqlite3_db_readonly(m_database.getHandle(), "main") != 0) {
        throw sqlite_error(SQLITE_READONLY, "read-only", m_file);
    }
}

void Connection::execute(char const* sql) {
    try {
        m_database.exec(sql);
    } catch (SQLite::Exception const& exception) {
        throw error(exception);
    }
}

std::int64_t Connection::integer(char const* sql) {
    try {
        return m_database.execAndGet(sql).getInt64();
    } catch (SQLite::Exception const& exception) {
        throw error(exception);
    }
}

bool Connection::in_transaction() const {
    return sqlite3_get_autocommit(m_database.getHandle()) == 0;
}

void Connection::rollback() noexcept {
    // After a full disk SQLite may have rolled back by itself.
    if (in_transaction()) m_database.tryExec("ROLLBACK");
}

void Connection::set_on_close(OnClose what) {
    sqlite3_db_config(m_database.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, what == OnClose::leave ? 1 : 0, nullptr);
}

std::unique_ptr<SQLite::Statement> Connection::take(std::string_view sql) {
    if (auto const found = m_statements.find(sql); found != m_statements.end() && found->second) return std::move(found->second);
    try {
        return std::make_unique<SQLite::Statement>(m_database, std::string{sql});
    } catch (SQLite::Exception const& exception) {
        throw error(exception);
    }
}

void Connection::give_back(std::string_view sql, std::unique_ptr<SQLite::Statement> statement) noexcept {
    statement->tryReset();
    try {
        statement->clearBindings();  // they hold copies of vectors
        m_statements[sql] = std::move(statement);
    } catch (...) {
        // Out of memory: the statement is prepared anew the next time.
    }
}

OwnFault Connection::error(SQLite::Exception const& exception) const {
    return sqlite_error(exception.getExtendedErrorCode(), exception.what(), m_file);
}

}  // namespace bioctl::store
