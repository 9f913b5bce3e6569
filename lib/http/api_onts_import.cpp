// Files of ONTs, and what is in the registry twice.

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/onts_duplicates.hpp"
#include "lib/app/onts_import.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"

namespace bioctl::http {

namespace {

constexpr std::size_t k_import_body = 16 * 1024 * 1024;
constexpr std::size_t k_most_told = 1000;  // of each kind of remark; the counts are of all
constexpr std::string_view k_report_schema =
    R"({"type":"object","properties":{"rows":{"type":"integer"},"added":{"type":"integer"},"updated":{"type":"integer"},"unchanged":{"type":"integer"},"rejected":{"type":"integer"},"warnings":{"type":"integer"},"is_rehearsal":{"type":"boolean"},"notes":{"type":"array","description":"the first 1000 of each kind","items":{"type":"object","properties":{"result":{"type":"string","enum":["rejected","warning"]},"line":{"type":["integer","null"]},"row":{"type":"integer"},"customer_id":{"type":["string","null"]},"name":{"type":["string","null"]},"detail":{"type":"string"}}}},"parents_made":{"type":"array","items":{"type":"string"}}}})";
constexpr std::string_view k_duplicates_schema =
    R"({"type":"object","properties":{"items":{"type":"array","description":"the first 1000","items":{"type":"object","properties":{"key":{"type":"string","enum":["customer_id","ip","name","coordinates","id"]},"value":{"type":"string"},"onts":{"type":"array","items":{"type":"object","properties":{"id":{"type":"integer"},"name":{"type":"string"},"customer_id":{"type":["string","null"]}}}}}}},"next_cursor":{"type":"null"},"duplicates":{"type":"integer"},"without_coordinates":{"type":"integer"},"without_address":{"type":"integer"}}})";

void add_notes(Json& notes, std::string_view result, std::vector<app::OntImportNote> const& all) {
    for (std::size_t i = 0; i < all.size() && i < k_most_told; ++i) {
        auto const& one = all[i];
        notes.push_back({{"result", result},
                         {"line", one.line == 0 ? Json{} : Json(one.line)},
                         {"row", one.number},
                         {"customer_id", text_json(one.customer_id)},
                         {"name", text_json(one.name)},
                         {"detail", one.text}});
    }
}

Reply import(Call const& call) {
    Filters filters{call};
    bool const is_rehearsal = filters.flag("dry_run");
    app::OntImportOptions options{.is_merge = filters.flag("merge"), .columns = app::OntColumnMap{filters.texts("map")}};
    filters.finish();
    app::OntRegistry const registry{.store = call.desk->store(),
                                    .clock = call.desk->clock(),
                                    .backups_dir = call.desk->data_dir() / "backups",
                                    .mode = is_rehearsal ? app::Mode::dry_run : app::Mode::write};
    std::optional<store::Together> change_and_row;
    if (!is_rehearsal) change_and_row.emplace(call.desk->store());
    auto const report = app::import_onts(registry, call.request.body, options);
    if (!is_rehearsal && report.added + report.updated > 0)
        note(call, "onts.import", "file", {{"added", std::to_string(report.added)}, {"updated", std::to_string(report.updated)}});
    if (change_and_row) change_and_row->commit();
    auto notes = Json::array();
    add_notes(notes, "rejected", report.rejected);
    add_notes(notes, "warning", report.warnings);
    auto made = Json::array();
    for (std::size_t i = 0; i < report.made.size() && i < k_most_told; ++i)
        made.push_back(report.made[i]);
    return json_reply({{"rows", report.rows},
                       {"added", report.added},
                       {"updated", report.updated},
                       {"unchanged", report.unchanged},
                       {"rejected", report.rejected.size()},
                       {"warnings", report.warnings.size()},
                       {"is_rehearsal", is_rehearsal},
                       {"notes", std::move(notes)},
                       {"parents_made", std::move(made)}});
}

Reply duplicates(Call const& call) {
    constexpr std::size_t k_most_members = 100;
    auto const onts = call.desk->store().onts().list();
    auto const check = app::check_duplicates(app::facts_of(onts));
    auto items = Json::array();
    for (auto const& duplicate : check.duplicates) {
        if (items.size() == k_most_told) break;
        auto members = Json::array();
        for (auto const member : duplicate.members) {
            if (members.size() == k_most_members) break;
            auto const& ont = onts[member];
            members.push_back({{"id", ont.id}, {"name", ont.config.name}, {"customer_id", text_json(ont.config.customer_id)}});
        }
        items.push_back({{"key", duplicate.key}, {"value", duplicate.value}, {"onts", std::move(members)}});
    }
    return json_reply({{"items", std::move(items)},
                       {"next_cursor", Json{}},
                       {"duplicates", check.duplicates.size()},
                       {"without_coordinates", check.without_place.size()},
                       {"without_address", check.without_address.size()}});
}

}  // namespace

void add_api_onts_import(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add(
        {.family = family,
         .method = "POST",
         .pattern = "/api/v2/onts/import",
         .scope = Scope::network,
         .is_change = true,
         .max_body = k_import_body,
         .handle = import,
         .doc = {.summary = "Take a file of ONTs: CSV, or a JSON array; bad rows are left out and told",
                 .parameters = {{"dry_run", "query", k_schema_flag, "change nothing, say what would be done"},
                                {"merge", "query", k_schema_flag,
                                 "rows with a known customer id change that ONT; without it they are bad rows"},
                                {"map", "query", k_schema_texts,
                                 "what a column is, COLUMN=FIELD as `bioctl onts import --map`; may be given several times"}},
                 .body = Doc::Body{"text/csv", R"({"type":"string"})"},
                 .answers = {{200, "what was done", "application/json", k_report_schema}}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/onts/duplicates",
                .scope = Scope::read,
                .handle = duplicates,
                .doc = {.summary = "What more than one ONT has: customer id, address, name, coordinates",
                        .answers = {{200, "by key", "application/json", k_duplicates_schema}}}});
}

}  // namespace bioctl::http
