#include "lib/base/csv.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl {

namespace {

/// Half the world's spreadsheets write `;`, for their decimal sign is the comma; what is pasted from one has tabs.
char separator_of(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
    std::array<std::pair<char, int>, 3> counts{{{',', 0}, {';', 0}, {'\t', 0}}};
    bool is_quoted = false;
    for (char const c : text.substr(0, std::min(text.find('\n'), k_max_csv_row_bytes))) {
        if (c == '"') is_quoted = !is_quoted;
        for (auto& [separator, count] : counts)
            count += c == separator && !is_quoted ? 1 : 0;
    }
    return std::ranges::max_element(counts, {}, [](auto const& entry) { return entry.second; })->first;
}

bool is_blank(CsvRow const& row) {
    return row.fault.empty() && std::ranges::all_of(row.cells, [](auto const& cell) { return trim(cell).empty(); });
}

std::string name_of(char separator) {
    return separator == '\t' ? std::string{"tab"} : fmt::format("'{}'", separator);
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : m_text(text), m_separator(separator_of(text)) {}

std::optional<CsvRow> CsvReader::next() {
    while (m_at < m_text.size()) {
        auto row = read_row();
        if (is_blank(row)) continue;
        check_count(row);
        return row;
    }
    return std::nullopt;
}

void CsvReader::check_count(CsvRow& row) {
    auto const found = row.cells.size();
    if (m_columns == 0) m_columns = found;
    if (!row.fault.empty() || found == m_columns) return;
    row.fault = fmt::format("has {} fields, the first line {}; put fields that hold a {} in quotes", found, m_columns,
                            name_of(m_separator));
}

CsvRow CsvReader::read_row() {
    auto const begin = m_at;
    CsvRow row{.line = m_line};
    do {
        row.fault = read_cell(row.cells.emplace_back());
        if (row.fault.empty() && m_at - begin > k_max_csv_row_bytes)
            row.fault = fmt::format("is longer than {}", human_size(k_max_csv_row_bytes));
        if (row.cells.size() > k_max_csv_cells) row.fault = fmt::format("has more than {} fields", k_max_csv_cells);
    } while (row.fault.empty() && accept(m_separator));
    if (row.fault.empty() && !accept_line_end()) row.fault = "has text after a closing quote";
    // Whatever went wrong, the next physical line may be a good one.
    if (!row.fault.empty()) skip_line(begin, row.line);
    return row;
}

std::string CsvReader::read_cell(std::string& cell) {
    if (accept('"')) return read_quoted(cell);
    char const ends[] = {m_separator, '\n', '\0'};
    auto const end = std::min(m_text.find_first_of(ends, m_at), m_text.size());
    cell = m_text.substr(m_at, end - m_at);
    m_at = end;
    if (!cell.empty() && cell.back() == '\r' && (end == m_text.size() || m_text[end] == '\n')) cell.pop_back();
    return {};
}

std::string CsvReader::read_quoted(std::string& cell) {
    while (m_at < m_text.size() && cell.size() <= k_max_csv_row_bytes) {
        if (accept('"') && !accept_second_quote(cell)) return {};
        if (m_at >= m_text.size() || m_text[m_at] == '"') continue;
        if (m_text[m_at] == '\n') ++m_line;
        cell += m_text[m_at++];
    }
    return "has a quote that is not closed";
}

bool CsvReader::accept_second_quote(std::string& cell) {
    if (!accept('"')) return false;
    cell += '"';
    return true;
}

bool CsvReader::accept(char c) {
    if (m_at >= m_text.size() || m_text[m_at] != c) return false;
    ++m_at;
    return true;
}

bool CsvReader::accept_line_end() {
    accept('\r');
    if (m_at >= m_text.size()) return true;
    if (!accept('\n')) return false;
    ++m_line;
    return true;
}

void CsvReader::skip_line(std::size_t begin, std::size_t line) {
    m_at = std::min(m_text.find('\n', begin), m_text.size() - 1) + 1;
    m_line = line + 1;
}

std::string_view without_mark(std::string_view text, std::string_view what) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        throw Error{Kind::data, fmt::format("{} is in UTF-16; save it as CSV in UTF-8", what)};
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    return text;
}

std::string to_csv_cell(std::string_view value) {
    bool const is_formula = !value.empty() && std::string_view{"=+-@\t\r"}.find(value.front()) != std::string_view::npos;
    bool const is_quoted = value.find_first_of(",;\"\r\n") != std::string_view::npos;
    std::string cell;
    if (is_quoted) cell.push_back('"');
    if (is_formula) cell.push_back('\'');
    for (char const c : value) {
        if (c == '"') cell.push_back('"');
        cell.push_back(c);
    }
    if (is_quoted) cell.push_back('"');
    return cell;
}

}  // namespace bioctl
