#include <optional>

#include <fmt/format.h>

#include "lib/app/manifest.hpp"
#include "lib/base/csv.hpp"
#include "lib/base/error.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

struct Columns {
    std::optional<std::size_t> id, name, path;
};

Columns columns_of(CsvRow const& header) {
    Columns columns;
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
                            "separated by ',', ';' or tabs",
                            header.line)};
}

ManifestRow row_of(CsvRow&& record, Columns const& columns) {
    ManifestRow row{.line = record.line, .id = {}, .name = {}, .path = {}, .fault = std::move(record.fault)};
    auto const cell = [&](std::optional<std::size_t> column) {
        return column && *column < record.cells.size() ? std::move(record.cells[*column]) : std::string{};
    };
    row.id = trim(cell(columns.id));
    row.name = trim(cell(columns.name));
    row.path = cell(columns.path);
    return row;
}

}  // namespace

std::vector<ManifestRow> csv_rows(std::string_view text) {
    CsvReader reader{text};
    std::optional<Columns> columns;
    std::vector<ManifestRow> rows;
    while (auto record = reader.next()) {
        if (columns) {
            require_room(rows.size());
            rows.push_back(row_of(*std::move(record), *columns));
        } else {
            columns = columns_of(*record);
        }
    }
    return rows;
}

}  // namespace bioctl::app
