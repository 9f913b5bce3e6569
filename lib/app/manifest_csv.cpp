#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "lib/app/manifest.hpp"
#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_max_cells = 64;

struct Record {
    std::size_t line = 0;
    std::vector<std::string> cells;
    std::string fault{};
};

class Reader {
public:
    Reader(std::string_view text, char separator) : m_text(text), m_separator(separator) {}

    std::optional<Record> next() {
        if (m_at >= m_text.size()) return std::nullopt;
        auto const begin = m_at;
        Record record{.line = m_line, .cells = {}};
        do {
            record.fault = read_cell(record.cells.emplace_back());
            if (record.fault.empty() && m_at - begin > k_max_row_bytes)
                record.fault = fmt::format("is longer than {}", human_size(k_max_row_bytes));
            if (record.cells.size() > k_max_cells) record.fault = fmt::format("has more than {} fields", k_max_cells);
        } while (record.fault.empty() && accept(m_separator));
        if (record.fault.empty() && !accept_line_end()) record.fault = "has text after a closing quote";
        // Whatever went wrong, the next physical line may be a good one.
        if (!record.fault.empty()) skip_line(begin, record.line);
        return record;
    }

private:
    /// Returns what is wrong with the cell.
    std::string read_cell(std::string& cell) {
        if (accept('"')) return read_quoted(cell);
        char const ends[] = {m_separator, '\n', '\0'};
        auto const end = std::min(m_text.find_first_of(ends, m_at), m_text.size());
        cell = m_text.substr(m_at, end - m_at);
        m_at = end;
        if (!cell.empty() && cell.back() == '\r' && (end == m_text.size() || m_text[end] == '\n')) cell.pop_back();
        return {};
    }

    std::string read_quoted(std::string& cell) {
        while (m_at < m_text.size() && cell.size() <= k_max_row_bytes) {
            if (accept('"') && !accept_second_quote(cell)) return {};
            if (m_at >= m_text.size() || m_text[m_at] == '"') continue;
            if (m_text[m_at] == '\n') ++m_line;
            cell += m_text[m_at++];
        }
        return "has a quote that is not closed";
    }

    bool accept_second_quote(std::string& cell) {
        if (!accept('"')) return false;
        cell += '"';
        return true;
    }

    bool accept(char c) {
        if (m_at >= m_text.size() || m_text[m_at] != c) return false;
        ++m_at;
        return true;
    }

    bool accept_line_end() {
        accept('\r');
        if (m_at >= m_text.size()) return true;
        if (!accept('\n')) return false;
        ++m_line;
        return true;
    }

    void skip_line(std::size_t begin, std::size_t line) {
        m_at = std::min(m_text.find('\n', begin), m_text.size() - 1) + 1;
        m_line = line + 1;
    }

    std::string_view m_text;
    char m_separator;
    std::size_t m_at = 0;
    std::size_t m_line = 1;
};

/// Spreadsheets of half the world write `;`, for their decimal sign is the comma.
char separator_of(std::string_view text) {
    auto const header = text.substr(0, text.find('\n'));
    return header.find(',') == std::string_view::npos && header.find(';') != std::string_view::npos ? ';' : ',';
}

bool is_blank(Record const& record) {
    return record.fault.empty() && std::ranges::all_of(record.cells, [](auto const& cell) { return trim(cell).empty(); });
}

struct Columns {
    std::optional<std::size_t> id, name, path;
    std::size_t count = 0;
};

Columns columns_of(Record const& header) {
    Columns columns{.id = {}, .name = {}, .path = {}, .count = header.cells.size()};
    for (std::size_t i = 0; i < header.cells.size(); ++i) {
        auto const name = to_lower_ascii(trim(header.cells[i]));
        auto* column = name == "id" ? &columns.id : name == "name" ? &columns.name : name == "path" ? &columns.path : nullptr;
        if (!column) continue;
        if (*column) throw Error{Kind::data, fmt::format("line {}: the column '{}' is there twice", header.line, name)};
        *column = i;
    }
    if (header.fault.empty() && columns.id && columns.path) return columns;
    throw Error{Kind::data,
                fmt::format("line {}: the first line must name the columns id and path (and name, if there are names), "
                            "separated by ',' or ';'",
                            header.line)};
}

ManifestRow row_of(Record&& record, Columns const& columns, char separator) {
    ManifestRow row{.line = record.line, .id = {}, .name = {}, .path = {}, .fault = std::move(record.fault)};
    auto const cell = [&](std::optional<std::size_t> column) {
        return column && *column < record.cells.size() ? std::move(record.cells[*column]) : std::string{};
    };
    auto const found = record.cells.size();
    row.id = trim(cell(columns.id));
    row.name = trim(cell(columns.name));
    row.path = cell(columns.path);
    if (row.fault.empty() && found != columns.count) {
        row.fault = fmt::format("has {} fields, the first line {}; put fields that hold a '{}' in quotes", found, columns.count,
                                separator);
    }
    return row;
}

}  // namespace

std::vector<ManifestRow> csv_rows(std::string_view text) {
    char const separator = separator_of(text.substr(std::min(text.find_first_not_of("\r\n"), text.size())));
    Reader reader{text, separator};
    std::optional<Columns> columns;
    std::vector<ManifestRow> rows;
    while (auto record = reader.next()) {
        if (is_blank(*record)) continue;
        if (columns) {
            require_room(rows.size());
            rows.push_back(row_of(*std::move(record), *columns, separator));
        } else {
            columns = columns_of(*record);
        }
    }
    return rows;
}

}  // namespace bioctl::app
