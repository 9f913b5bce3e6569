#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "lib/app/manifest.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using nlohmann::json;

/// A longer line is no row, but another kind of file.
constexpr std::size_t k_max_row_bytes = 64 * 1024;

std::string missing(std::string_view field) {
    return fmt::format("has no \"{}\" that is a text", field);
}

/// Returns what is wrong.
std::string take_fields(json const& object, ManifestRow& row) {
    auto const id = object.find("id");
    if (id != object.end() && id->is_number_integer()) {
        row.id = id->dump();  // employee numbers are often written bare
    } else if (id != object.end() && id->is_string()) {
        row.id = id->get<std::string>();
    } else {
        return missing("id");
    }
    auto const path = object.find("path");
    if (path == object.end() || !path->is_string()) return missing("path");
    row.path = path->get<std::string>();
    auto const name = object.find("name");
    if (name == object.end() || name->is_null()) return {};
    if (!name->is_string()) return missing("name");
    row.name = name->get<std::string>();
    return {};
}

ManifestRow row_of(std::string_view line, std::size_t number) {
    ManifestRow row{.line = number, .id = {}, .name = {}, .path = {}};
    if (line.size() > k_max_row_bytes) {
        row.fault = fmt::format("is longer than {}", human_size(k_max_row_bytes));
        return row;
    }
    auto const object = json::parse(line, nullptr, false);
    row.fault = object.is_object() ? take_fields(object, row) : std::string{"is not a JSON object"};
    return row;
}

}  // namespace

std::vector<ManifestRow> json_rows(std::string_view text) {
    std::vector<ManifestRow> rows;
    for (std::size_t number = 1; !text.empty(); ++number) {
        auto const end = std::min(text.find('\n'), text.size());
        auto const line = trim(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty()) continue;
        require_room(rows.size());
        rows.push_back(row_of(line, number));
    }
    return rows;
}

}  // namespace bioctl::app
