#pragma once
// One run of one SQL statement. Private to store/. Failures of SQLite come out as our Error.

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "lib/base/bytes.hpp"
#include "lib/store/connection.hpp"

namespace bioctl::store {

/// Takes its statement from the cache for as long as it lives. Two runs of the same SQL may overlap (a visitor that asks again).
class Query {
public:
    /// `sql` is a literal; `values` are its parameters, in order. They are copied.
    template <class... Values>
    Query(Connection& connection, std::string_view sql, Values const&... values)
        : m_connection(connection), m_sql(sql), m_statement(connection.take(sql)) {
        try {
            (bind(values), ...);
        } catch (SQLite::Exception const& exception) {
            throw connection.error(exception);
        }
    }
    ~Query();
    Query(Query const&) = delete;
    Query& operator=(Query const&) = delete;

    /// Steps to the next row; false after the last.
    bool next();
    /// Runs a statement that has no rows; returns how many it changed.
    int run();

    // Of the current row; columns from 0. Views last until next().
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] int number(int column) const { return static_cast<int>(integer(column)); }
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string_view text(int column) const { return as_text(blob(column)); }
    [[nodiscard]] ByteView blob(int column) const;  ///< BLOB or TEXT

private:
    void bind(std::integral auto value) { bind_integer(static_cast<std::int64_t>(value)); }
    void bind(std::floating_point auto value) { bind_real(static_cast<double>(value)); }
    void bind(std::string_view text);
    void bind(ByteView blob);
    template <class T>
    void bind(std::optional<T> const& value) {
        value ? bind(*value) : bind_null();
    }
    void bind_integer(std::int64_t value);
    void bind_real(double value);
    void bind_null();

    Connection& m_connection;
    std::string_view m_sql;
    std::unique_ptr<SQLite::Statement> m_statement;
    int m_bound = 0;
};

}  // namespace bioctl::store
