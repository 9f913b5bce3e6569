#include "lib/store/query.hpp"

#include <string>

namespace bioctl::store {

Query::~Query() {
    m_connection.give_back(m_sql, std::move(m_statement));
}

bool Query::next() {
    try {
        return m_statement->executeStep();
    } catch (SQLite::Exception const& exception) {
        throw m_connection.error(exception);
    }
}

int Query::run() {
    next();
    return m_connection.changes();
}

bool Query::is_null(int column) const {
    return m_statement->isColumnNull(column);
}

std::int64_t Query::integer(int column) const {
    return m_statement->getColumn(column).getInt64();
}

double Query::real(int column) const {
    return m_statement->getColumn(column).getDouble();
}

ByteView Query::blob(int column) const {
    auto const cell = m_statement->getColumn(column);
    // In this order: the size is that of the form asked for last.
    auto const* bytes = static_cast<std::byte const*>(cell.getBlob());
    return {bytes, static_cast<std::size_t>(cell.getBytes())};
}

void Query::bind(std::string_view text) {
    m_statement->bind(++m_bound, std::string{text});
}

void Query::bind(ByteView blob) {
    // A null pointer would bind NULL instead of a BLOB of no bytes.
    void const* const bytes = blob.empty() ? "" : static_cast<void const*>(blob.data());
    m_statement->bind(++m_bound, bytes, static_cast<int>(blob.size()));
}

void Query::bind_integer(std::int64_t value) {
    m_statement->bind(++m_bound, value);
}

void Query::bind_real(double value) {
    m_statement->bind(++m_bound, value);
}

void Query::bind_null() {
    m_statement->bind(++m_bound);
}

}  // namespace bioctl::store
