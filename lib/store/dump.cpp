#include "lib/store/dump.hpp"

#include <algorithm>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>
#include <unistd.h>

#include "lib/base/file_copy.hpp"
#include "lib/base/text.hpp"
#include "lib/store/connection.hpp"
#include "lib/store/errors.hpp"
#include "lib/store/migrations.hpp"
#include "lib/store/upkeep.hpp"

namespace bioctl::store {

namespace {

/// The counters of AUTOINCREMENT are in a table of SQLite's own: without them numbers would be used twice. Last, for SQLite
/// counts along.
constexpr char const* k_counters = "sqlite_sequence";
constexpr char const* k_tables =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND (name NOT LIKE 'sqlite\\_%' ESCAPE '\\' OR name = "
    "'sqlite_sequence') "
    "ORDER BY name = 'sqlite_sequence', name";

std::string identifier(std::string_view name) {
    std::string text = "\"";
    for (char const c : name)
        text.append(c == '"' ? 2U : 1U, c);
    return text + '"';
}

std::string joined(std::vector<std::string> const& columns) {
    std::vector<std::string> names;
    std::ranges::transform(columns, std::back_inserter(names), identifier);
    return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<std::string> strings(SQLite::Database& database, std::string const& sql, std::string const& parameter = {}) {
    std::vector<std::string> all;
    SQLite::Statement statement{database, sql};
    if (!parameter.empty()) statement.bind(1, parameter);
    while (statement.executeStep())
        all.push_back(statement.getColumn(0).getString());
    return all;
}

std::vector<std::string> columns_of(SQLite::Database& database, std::string const& table) {
    return strings(database, "SELECT name FROM pragma_table_info(?) ORDER BY cid", table);
}

Cell cell_of(SQLite::Column const& column) {
    auto const* const bytes = static_cast<std::byte const*>(column.getBlob());
    auto const size = static_cast<std::size_t>(column.getBytes());
    switch (column.getType()) {
        case SQLITE_INTEGER: return column.getInt64();
        case SQLITE_FLOAT: return column.getDouble();
        case SQLITE_TEXT: return std::string{reinterpret_cast<char const*>(bytes), size};
        case SQLITE_BLOB: return Bytes(bytes, bytes + size);
        default: return std::monostate{};
    }
}

void bind(SQLite::Statement& statement, int index, Cell const& cell) {
    if (auto const* const integer = std::get_if<std::int64_t>(&cell)) return statement.bind(index, *integer);
    if (auto const* const real = std::get_if<double>(&cell)) return statement.bind(index, *real);
    if (auto const* const text = std::get_if<std::string>(&cell)) return statement.bind(index, *text);
    if (auto const* const blob = std::get_if<Bytes>(&cell))
        // SQLite takes a null pointer for NULL, and an empty vector may have one.
        return statement.bind(index, blob->empty() ? static_cast<void const*>("") : blob->data(), static_cast<int>(blob->size()));
    statement.bind(index);
}

void dump_table(SQLite::Database& database, std::string const& name, std::function<void(DumpTable const&)> const& on_table,
                std::function<void(std::span<Cell const>)> const& on_row) {
    DumpTable const table{name, columns_of(database, name)};
    on_table(table);
    SQLite::Statement statement{database, fmt::format("SELECT {} FROM {}", joined(table.columns), identifier(name))};
    std::vector<Cell> row(table.columns.size());
    while (statement.executeStep()) {
        for (std::size_t i = 0; i < row.size(); ++i)
            row[i] = cell_of(statement.getColumn(static_cast<int>(i)));
        on_row(row);
    }
}

}  // namespace

void Upkeep::each_row(std::function<void(DumpTable const&)> const& on_table,
                      std::function<void(std::span<Cell const>)> const& on_row) const {
    auto& database = m_connection->database();
    try {
        for (auto const& name : strings(database, k_tables))
            dump_table(database, name, on_table, on_row);
    } catch (SQLite::Exception const& exception) {
        throw m_connection->error(exception);
    }
}

struct Loader::State {
    State(fs::path const& path, int version) : file(path), schema_version(version) {}

    fs::path file;
    int schema_version;
    std::unique_ptr<Connection> connection;
    DumpTable table;
    std::unique_ptr<SQLite::Statement> insert;
    bool is_made = false, is_finished = false;

    void make() {
        int const made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (made < 0) throw_errno(fmt::format("cannot make {}", printable(file.string())), errno, Kind::cannot_create);
        ::close(made);
        is_made = true;
        connection = std::make_unique<Connection>(file, Options{});
        // Nobody sees it before it is whole, so it needs no journal; what rows do to others they have done already.
        connection->execute(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY");
        for (int version = 0; version < schema_version; ++version)
            connection->execute(migrations()[static_cast<std::size_t>(version)]);
        connection->execute(fmt::format("PRAGMA application_id = {}", k_application_id).c_str());
        connection->execute(fmt::format("PRAGMA user_version = {}", schema_version).c_str());
        sqlite3_db_config(connection->database().getHandle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
        connection->execute("BEGIN");
        // Migrations leave rows of their own.
        for (auto const& name : strings(connection->database(), k_tables))
            connection->execute(fmt::format("DELETE FROM {}", identifier(name)).c_str());
    }

    void discard() {
        if (!is_made || is_finished) return;
        insert.reset();
        connection.reset();
        std::error_code ignored;
        for (auto const suffix : k_companions)
            fs::remove(fs::path{file} += suffix, ignored);
    }

    [[nodiscard]] Error does_not_fit(std::string_view why) const {
        return {Kind::data, fmt::format("table {}: {}", printable(table.name), why)};
    }
};

Loader::Loader(fs::path const& file, int schema_version) : m_state(std::make_unique<State>(file, schema_version)) {
    if (schema_version > newest_schema_version() || schema_version < 1) {
        throw Error{Kind::config,
                    fmt::format("it is of schema {}, this bioctl knows 1 to {}; import it with the one that wrote it",
                                schema_version, newest_schema_version())};
    }
    try {
        m_state->make();
    } catch (...) {
        m_state->discard();
        throw;
    }
}

Loader::~Loader() {
    m_state->discard();
}

void Loader::begin_table(DumpTable const& table) {
    auto& me = *m_state;
    me.insert.reset();
    me.table = table;
    auto const names = strings(me.connection->database(), k_tables);
    if (std::ranges::find(names, table.name) == names.end()) throw me.does_not_fit("there is none in this schema");
    auto const known = columns_of(me.connection->database(), table.name);
    for (auto const& column : table.columns)
        if (std::ranges::find(known, column) == known.end()) throw me.does_not_fit("has no column " + printable(column));
    if (table.columns.empty()) throw me.does_not_fit("without columns");
    if (table.name == k_counters) me.connection->execute("DELETE FROM sqlite_sequence");
    std::vector<std::string> const marks(table.columns.size(), "?");
    try {
        me.insert = std::make_unique<SQLite::Statement>(me.connection->database(),
                                                        fmt::format("INSERT INTO {} ({}) VALUES ({})", identifier(table.name),
                                                                    joined(table.columns), fmt::join(marks, ", ")));
    } catch (SQLite::Exception const& exception) {
        throw me.does_not_fit(exception.what());
    }
}

void Loader::add(std::span<Cell const> row) {
    auto& me = *m_state;
    if (!me.insert || row.size() != me.table.columns.size()) throw me.does_not_fit(fmt::format("a row of {} values", row.size()));
    try {
        for (std::size_t i = 0; i < row.size(); ++i)
            bind(*me.insert, static_cast<int>(i) + 1, row[i]);
        me.insert->exec();
        me.insert->reset();
    } catch (SQLite::Exception const& exception) {
        bool const is_of_rows =
            (exception.getErrorCode() & 0xFF) == SQLITE_CONSTRAINT || exception.getErrorCode() == SQLITE_MISMATCH;
        if (!is_of_rows) throw me.connection->error(exception);
        throw me.does_not_fit(exception.what());
    }
}

void Loader::finish() {
    auto& me = *m_state;
    me.insert.reset();
    me.connection->execute("COMMIT");
    if (me.connection->integer("SELECT count(*) FROM pragma_foreign_key_check()") > 0)
        throw Error{Kind::data, "rows refer to others that are not there"};
    me.connection.reset();
    sync_file(me.file);
    static_cast<void>(Store::open(me.file, {}));  // brings it to this program's schema
    me.is_finished = true;
}

}  // namespace bioctl::store
