// What the server runs with, where that was said, and whether the installation is healthy. To change it is for `bioctl config`.

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/figures.hpp"
#include "lib/app/hotspot_retention.hpp"
#include "lib/app/ping_history.hpp"
#include "lib/app/thresholds.hpp"
#include "lib/base/brief.hpp"
#include "lib/http/api.hpp"
#include "lib/http/api_shapes.hpp"
#include "lib/http/families.hpp"
#include "lib/http/photo_reply.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_settings_schema =
    R"({"type":"object","properties":{"settings":{"type":"array","items":{"type":"object","properties":{"key":{"type":"string"},"summary":{"type":"string"},"value":{"type":["string","null"],"description":"null: not set; of an address the part that is no secret"},"default":{"type":["string","null"]},"origin":{"type":"string"}}}},"thresholds":{"type":"object","description":"distances in force","properties":{"identify":{"type":"number"},"verify":{"type":"number"},"duplicate":{"type":["number","null"]},"measured_identify":{"type":["number","null"]},"measured_verify":{"type":["number","null"]},"measured_duplicate":{"type":["number","null"]},"palm_identify":{"type":"number"},"palm_verify":{"type":"number"},"measured_palm_identify":{"type":"number"},"measured_palm_verify":{"type":"number"}}},"models":{"type":"array","items":{"type":"object","properties":{"kind":{"type":"string","enum":["detector","landmarks","embedder"]},"id":{"type":"string"},"title":{"type":"string"},"licence":{"type":["string","null"]},"sha256":{"type":"string"},"bytes":{"type":"integer"},"builtin":{"type":"boolean"}}}},"contract":{"type":"string"},"retention":{"type":"array","items":{"type":"object","properties":{"what":{"type":"string","enum":["ping_rounds","ping_5m","ping_hours","ping_days","hotspot_counts","hotspot_hours","hotspot_sessions","events"]},"days":{"type":["integer","null"],"description":"null: until somebody removes it"}}}},"store":{"type":"object","properties":{"bytes":{"type":"integer"},"log_bytes":{"type":"integer"},"schema":{"type":"integer"},"people":{"type":"integer"},"templates":{"type":"integer"},"events":{"type":"integer"}}},"uptime_s":{"type":"integer"}}})";
constexpr std::string_view k_checks_schema =
    R"({"type":"object","properties":{"items":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"status":{"type":"string","enum":["ok","warn","fail"]},"detail":{"type":"string"},"remedy":{"type":["string","null"]}}}},"next_cursor":{"type":"null"}}})";

/// Of an address what everybody may know: see public_address(). Where tiles come from is in every page.
Json shown_value(SettingRow const& setting) {
    if (!setting.value) return {};
    return setting.key == "webhook_url" ? public_address(*setting.value) : *setting.value;
}

Json settings_json(Site& site) {
    auto rows = Json::array();
    for (auto const& setting : site.rules()->settings)
        rows.push_back({{"key", setting.key},
                        {"summary", setting.summary},
                        {"value", shown_value(setting)},
                        {"default", text_json(setting.default_value)},
                        {"origin", setting.origin}});
    return rows;
}

Json distance_json(std::optional<float> distance) {
    return distance ? Json(rounded(*distance)) : Json{};
}

Json thresholds_json(Call const& call) {
    auto const rules = call.desk->rules();
    auto const contract = call.desk->workspace().models.contract();
    return {{"identify", rounded(rules->identify.threshold)},
            {"verify", rounded(rules->verify)},
            {"duplicate", distance_json(rules->enrol.duplicate_threshold)},
            {"measured_identify", distance_json(contract.threshold_identify)},
            {"measured_verify", distance_json(contract.threshold_verify)},
            {"measured_duplicate", distance_json(contract.threshold_duplicate)},
            {"palm_identify", rounded(rules->palm_identify.threshold)},
            {"palm_verify", rounded(rules->palm_verify)},
            {"measured_palm_identify", rounded(app::palm_identify_threshold(std::nullopt))},
            {"measured_palm_verify", rounded(app::palm_verify_threshold(std::nullopt))}};
}

Json models_json(Call const& call) {
    auto const& set = call.desk->workspace().models;
    auto models = Json::array();
    for (auto const* model : {&set.detector, &set.landmarks, &set.embedder})
        models.push_back({{"kind", name_of(model->kind)},
                          {"id", model->id},
                          {"title", model->title},
                          {"licence", text_json(model->licence)},
                          {"sha256", model->sha256},
                          {"bytes", model->bytes},
                          {"builtin", model->builtin}});
    return models;
}

Json retention_json() {
    auto rows = Json::array();
    auto const add = [&](std::string_view what, std::optional<std::chrono::hours> kept) {
        constexpr std::chrono::hours k_day{24};
        rows.push_back({{"what", what}, {"days", kept ? Json(*kept / k_day) : Json{}}});
    };
    add("ping_rounds", app::k_rounds_kept);
    add("ping_5m", app::k_five_minutes_kept);
    add("ping_hours", app::k_hours_kept);
    add("ping_days", std::nullopt);
    add("hotspot_counts", app::k_counts_kept_whole);
    add("hotspot_hours", app::k_hotspot_kept);
    add("hotspot_sessions", app::k_hotspot_kept);
    add("events", std::nullopt);
    return rows;
}

template <class Counts>
std::int64_t sum_of(Counts const& counts) {
    std::int64_t sum = 0;
    for (auto const& [name, number] : counts)
        sum += number;
    return sum;
}

Reply settings(Call const& call) {
    auto& store = call.desk->store();
    auto const figures = app::figures_of(store);
    return json_reply({{"settings", settings_json(call.site)},
                       {"thresholds", thresholds_json(call)},
                       {"models", models_json(call)},
                       {"contract", call.desk->workspace().models.contract().id},
                       {"retention", retention_json()},
                       {"store",
                        {{"bytes", figures.store_bytes},
                         {"log_bytes", figures.log_bytes},
                         {"schema", store.schema_version()},
                         {"people", figures.people},
                         {"templates", sum_of(figures.templates)},
                         {"events", sum_of(figures.events)}}},
                       {"uptime_s", call.site.uptime().count()}});
}

/// Reads the whole store: one at a time, on a thread that may wait.
Reply examine(Call const& call) {
    auto const turn = peer_turn();
    if (!turn) return refuse_no_turn();
    auto items = Json::array();
    for (auto const& check : call.site.examine())
        items.push_back({{"name", check.name},
                         {"status", app::name_of(check.health)},
                         {"detail", check.detail},
                         {"remedy", text_json(check.remedy)}});
    return json_reply({{"items", std::move(items)}, {"next_cursor", Json{}}});
}

}  // namespace

void add_api_settings(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = "/api/v2/settings",
         .scope = Scope::admin,
         .handle = settings,
         .doc = {.summary = "What the server runs with, and where each setting comes from",
                 .answers = {{200, "settings, thresholds, models, retention, store", "application/json", k_settings_schema}}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/doctor",
                .work = Work::peer,
                .scope = Scope::admin,
                .handle = examine,
                .doc = {.summary = "Is this installation healthy? Reads the whole store",
                        .answers = {{200, "a finding for each check", "application/json", k_checks_schema}, k_doc_no_turn}}});
}

}  // namespace bioctl::http
