#include "lib/app/manifest.hpp"

#include <fmt/format.h>

#include "lib/app/bulk_enrol.hpp"
#include "lib/app/people_edit.hpp"
#include "lib/app/person_id.hpp"
#include "lib/base/csv.hpp"

namespace bioctl::app {

namespace {

std::string fault_of(ManifestRow const& row) {
    if (!row.fault.empty()) return row.fault;
    if (row.path.empty()) return "has no path";
    if (row.path.find('\0') != std::string::npos) return "has a NUL in its path";
    if (auto const ok = check_person_name(row.name); !ok) return ok.error().message();
    return {};
}

BulkItem item_of(ManifestRow&& row, fs::path const& root) {
    BulkItem item{.person_id = std::move(row.id), .name = std::move(row.name), .photo = {}};
    row.name = item.name;
    auto const fault = fault_of(row);
    if (!row.path.empty() && row.path.find('\0') == std::string::npos) item.photo.path = root / row.path;
    if (!fault.empty()) {
        item.rejected = Rejected{RejectReason::bad_row, fmt::format("line {}: {}", row.line, fault), std::nullopt};
    } else if (auto const ok = check_person_id(item.person_id); !ok) {
        item.rejected = Rejected{RejectReason::bad_id, fmt::format("line {}: {}", row.line, ok.error().message()), std::nullopt};
    }
    return item;
}

}  // namespace

void require_room(std::size_t rows) {
    if (rows < k_max_rows) return;
    throw Error{Kind::data, fmt::format("the manifest has more than {} rows; split it", k_max_rows)};
}

BulkInput read_manifest(std::string_view text, fs::path const& root) {
    text = without_mark(text, "the manifest");
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) throw Error{Kind::data, "the manifest is empty; its first line is id,name,path"};
    auto rows = text[first] == '{' ? json_rows(text) : csv_rows(text);
    BulkInput input{.items = {}, .origin = fs::weakly_canonical(root.empty() ? fs::path{"."} : root).string()};
    for (auto& row : rows) {
        input.items.push_back(item_of(std::move(row), root));
        if (input.items.back().rejected) input.is_complete = false;
    }
    return input;
}

}  // namespace bioctl::app
