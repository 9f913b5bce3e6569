#include "lib/app/ont_rows.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "lib/app/ont_json.hpp"
#include "lib/app/ont_rows_json.hpp"
#include "lib/base/csv.hpp"
#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using Json = nlohmann::ordered_json;

void require_columns(std::vector<OntColumnMap::Column> const& columns, CsvRow const& header, bool is_name_needed) {
    auto const has = [&](OntField field) {
        return std::ranges::any_of(columns, [&](auto const& column) { return column.field == field; });
    };
    if (has(OntField::name) || (!is_name_needed && has(OntField::customer_id))) return;
    std::string found;
    for (auto const& cell : header.cells)
        found += fmt::format("{}'{}'", found.empty() ? "" : ", ", printable(trim(cell).substr(0, 40)));
    throw Error{Kind::data,
                fmt::format("line {}: no column has the names of the customers (name, nama, pelanggan); there are {}; say "
                            "which it is with --map COLUMN=name",
                            header.line, found)};
}

/// Spreadsheets, and our own export, keep what looks like a formula from being run by an apostrophe.
std::string_view without_apostrophe(std::string_view cell) {
    bool const is_guarded =
        cell.size() > 1 && cell.front() == '\'' && std::string_view{"=+-@"}.find(cell[1]) != std::string_view::npos;
    return is_guarded ? cell.substr(1) : cell;
}

OntRow row_of(CsvRow&& csv, std::vector<std::string> const& headers, std::vector<OntColumnMap::Column> const& columns) {
    OntRow row{.line = csv.line, .fault = std::move(csv.fault)};
    if (!row.fault.empty()) return row;
    auto extra = Json::object();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        auto const cell = without_apostrophe(trim(csv.cells[i]));
        if (columns[i].field) {
            row.texts[static_cast<std::size_t>(*columns[i].field)] = std::string{cell};
        } else if (!columns[i].is_ignored && !cell.empty() && !headers[i].empty()) {
            if (!is_utf8(cell))
                row.fault = fmt::format("'{}' in the column '{}' is not in UTF-8", printable(cell), printable(headers[i]));
            extra[headers[i]] = cell;
        }
    }
    if (!extra.empty() && row.fault.empty()) row.extra = extra.dump();
    return row;
}

std::vector<OntRow> csv_ont_rows(std::string_view text, OntColumnMap& map, bool is_name_needed) {
    CsvReader reader{text};
    auto const header = reader.next();
    if (!header) throw Error{Kind::data, "the file is empty; the first line of a CSV file names the columns"};
    if (!header->fault.empty()) throw Error{Kind::data, fmt::format("line {}: the first line {}", header->line, header->fault)};
    std::vector<std::string> headers;
    for (auto const& cell : header->cells)
        headers.push_back(to_valid_utf8(trim(cell)));
    auto const columns = map.columns({headers.begin(), headers.end()});
    map.require_used();  // a slip in --map is the likelier reason for a column that is missing
    require_columns(columns, *header, is_name_needed);
    std::vector<OntRow> rows;
    while (auto csv = reader.next()) {
        if (rows.size() == k_max_ont_rows)
            throw Error{Kind::data, fmt::format("the file has more than {} rows; split it", k_max_ont_rows)};
        rows.push_back(row_of(*std::move(csv), headers, columns));
    }
    return rows;
}

}  // namespace

std::string OntRow::place() const {
    return line > 0 ? fmt::format("line {}", line) : fmt::format("row {}", number);
}

std::vector<OntRow> read_ont_rows(std::string_view text, OntColumnMap map, bool is_name_needed) {
    text = without_mark(text, "the file");
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && text[first] == '{')
        throw Error{Kind::data, "the file is a JSON object; it must be an array of rows, as `bioctl onts export` writes it"};
    bool const is_json = first != std::string_view::npos && text[first] == '[';
    auto rows = is_json ? json_ont_rows(text, map) : csv_ont_rows(text, map, is_name_needed);
    map.require_used();
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i].number = i + 1;
    return rows;
}

}  // namespace bioctl::app
