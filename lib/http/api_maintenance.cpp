// Maintenance windows, and how available ONTs were.

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/maintenance.hpp"
#include "lib/app/outage_report.hpp"
#include "lib/base/text.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_window_schema = R"({"$ref":"#/components/schemas/Maintenance"})";
constexpr std::string_view k_wish_schema =
    R"({"type":"object","required":["scope","starts","duration"],"additionalProperties":false,"properties":{"scope":{"type":"string","enum":["all","ont","parent","location","group"]},"value":{"type":"string","description":"the ONT, the parent (with all below it), the location or the tag"},"starts":{"type":"string","description":"wall time of the zone: 2026-12-01T22:00"},"duration":{"type":"string","description":"4h, 90m, 1h30m, 2d"},"zone":{"type":"string","description":"Asia/Jakarta; without it that of the server"},"repeats":{"type":"string","enum":["once","daily","weekly"]},"until":{"type":"string","description":"last day on which it begins: 2026-12-31"},"reason":{"type":"string"}}})";
constexpr std::string_view k_report_schema =
    R"({"type":"object","properties":{"since":{"type":"string","format":"date-time"},"until":{"type":"string","format":"date-time"},"by":{"type":"string","enum":["ont","parent","location"]},"total":{"$ref":"#/components/schemas/AvailabilityRow"},"items":{"type":"array","description":"the worst first","items":{"$ref":"#/components/schemas/AvailabilityRow"}},"rows":{"type":"integer","description":"all there are; items has at most 1000"},"days":{"type":"array","items":{"type":"object","properties":{"day":{"type":"string"},"down_s":{"type":"integer","description":"of all lines together"}}}},"next_cursor":{"type":"null"}}})";

std::string state_of(store::MaintenanceConfig const& config, std::optional<Timestamp> next, Timestamp now) {
    if (app::is_active(config, now)) return "active";
    return next ? "planned" : "over";
}

/// The name of what is meant by its id. `onts` by id.
Json subject_of(store::MaintenanceConfig const& config, std::vector<store::Ont> const& onts) {
    if (config.scope != "ont" && config.scope != "parent") return text_json(config.scope_value);
    auto const found =
        std::ranges::find_if(onts, [&](store::Ont const& ont) { return std::to_string(ont.id) == config.scope_value; });
    return found == onts.end() ? Json{} : Json(found->config.name);
}

Json json_of(store::Maintenance const& window, std::vector<store::Ont> const& onts, Timestamp now) {
    auto const& config = window.config;
    auto const next = app::next_start(config, now);
    return {{"id", window.id},
            {"scope", config.scope},
            {"value", text_json(config.scope_value)},
            {"subject", subject_of(config, onts)},
            {"starts", config.starts},
            {"zone", config.zone},
            {"duration", app::to_duration(config.duration_s)},
            {"duration_s", config.duration_s},
            {"repeats", config.repeats},
            {"until", text_json(config.until)},
            {"state", state_of(config, next, now)},
            {"next", time_json(next)},
            {"reason", text_json(config.reason)},
            {"created_at", time_json(window.created_at)}};
}

Reply list(Call const& call) {
    Filters filters{call};
    auto const wish = filters.page();
    filters.finish();
    auto& store = call.desk->store();
    std::vector<store::Maintenance> windows;
    std::vector<store::Ont> onts;
    store.read([&] {
        windows = store.maintenance().list();
        bool const has_names = std::ranges::any_of(
            windows, [](auto const& one) { return one.config.scope == "ont" || one.config.scope == "parent"; });
        if (has_names) onts = store.onts().list();
    });
    auto const now = call.desk->clock().now();
    return page_reply(call, app::page_by_id(windows, "maintenance", wish, [](auto const& window) { return window.id; }),
                      [&](store::Maintenance const& window) { return json_of(window, onts, now); });
}

Reply add(Call const& call) {
    Fields fields{call};
    app::MaintenanceWish wish;
    wish.scope = fields.required_text("scope");
    wish.value = fields.text("value").value_or("");
    wish.start = fields.required_text("starts");
    wish.duration = fields.required_text("duration");
    wish.zone = fields.text("zone").value_or("");
    wish.repeat = fields.text("repeats").value_or("once");
    wish.until = fields.text("until").value_or("");
    wish.reason = fields.text("reason").value_or("");
    fields.finish();
    if (wish.zone.empty()) wish.zone = call.desk->rules()->timezone;
    auto& store = call.desk->store();
    store::Together change_and_row{store};
    auto const window = [&] {
        try {
            return app::add_maintenance(store, call.desk->clock(), wish);
        } catch (Error const& error) {
            // A zone of the request, not of our configuration.
            if (error.kind() == Kind::config) throw Error{Kind::usage, error.message()};
            throw;
        }
    }();
    auto const& config = window.config;
    note(call, "maintenance.add", std::to_string(window.id),
         {{"scope", config.scope}, {"value", config.scope_value}, {"starts", config.starts}, {"repeats", config.repeats}});
    change_and_row.commit();
    std::vector<store::Ont> onts;
    store.read([&] { onts = store.onts().list(); });
    return created(call, std::to_string(window.id), json_of(window, onts, call.desk->clock().now()));
}

Reply remove(Call const& call) {
    auto const id = id_in_path(call);
    store::Together change_and_row{call.desk->store()};
    static_cast<void>(app::remove_maintenance(call.desk->store(), call.desk->clock(), {id}));
    note(call, "maintenance.remove", std::to_string(id));
    change_and_row.commit();
    return no_content();
}

std::int64_t seconds_of(std::chrono::milliseconds time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time).count();
}

Json json_of(app::ReportRow const& row) {
    auto const& figures = row.availability;
    bool const is_covered = figures.covered.count() > 0;
    return {{"name", text_json(row.name)},
            {"ont", row.ont == 0 ? Json{} : Json(row.ont)},
            {"location", text_json(row.location)},
            {"parent", text_json(row.parent)},
            {"onts", row.onts},
            {"availability", is_covered ? Json(figures.share()) : Json{}},
            {"covered_s", seconds_of(figures.covered)},
            {"down_s", seconds_of(figures.down)},
            {"outages", figures.outages},
            {"mttr_s", figures.repairs == 0 ? Json{} : Json(seconds_of(figures.mttr()))},
            {"mtbf_s", figures.outages == 0 ? Json{} : Json(seconds_of(figures.mtbf()))},
            {"longest_s", seconds_of(row.longest)}};
}

Reply report(Call const& call) {
    constexpr std::chrono::hours k_month{30 * 24}, k_longest{731 * 24};
    Filters filters{call};
    app::ReportRequest request;
    request.now = call.desk->clock().now();
    request.until = filters.time("until").value_or(request.now);
    request.since = filters.time("since").value_or(request.until - k_month);
    auto const by = filters.one_of("by", {"ont", "parent", "location"}).value_or("location");
    request.by = by == "ont" ? app::ReportBy::ont : by == "parent" ? app::ReportBy::parent : app::ReportBy::location;
    request.choice = {.onts = filters.texts("ont"), .groups = filters.texts("group"), .locations = filters.texts("location")};
    filters.finish();
    if (request.until <= request.since) throw Error{Kind::usage, "until must be after since"};
    if (request.until - request.since > k_longest) throw Error{Kind::usage, "a report is of two years at most"};
    app::Zone const zone{call.desk->rules()->timezone};
    auto& store = call.desk->store();
    app::OutageReport made;
    store.read([&] { made = app::report_outages(store, request, zone); });
    auto items = Json::array(), days = Json::array();
    for (auto const& row : made.rows) {
        if (static_cast<std::int64_t>(items.size()) == k_most_items) break;
        items.push_back(json_of(row));
    }
    for (auto const& day : made.days)
        days.push_back({{"day", day.day}, {"down_s", seconds_of(day.down)}});
    return json_reply({{"since", time_json(made.since)},
                       {"until", time_json(made.until)},
                       {"by", by},
                       {"total", json_of(made.total)},
                       {"items", std::move(items)},
                       {"rows", made.rows.size()},
                       {"days", std::move(days)},
                       {"next_cursor", Json{}}});
}

}  // namespace

void add_api_maintenance(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/maintenance",
                .scope = Scope::read,
                .handle = list,
                .doc = {.summary = "Maintenance windows, by id",
                        .parameters = {k_doc_limit, k_doc_cursor},
                        .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/MaintenancePage"})"}}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/maintenance",
                .scope = Scope::network,
                .is_change = true,
                .handle = add,
                .doc = {.summary = "Plan a window in which outages are expected, and nobody is told of them",
                        .body = Doc::Body{"application/json", k_wish_schema},
                        .answers = {{201, "planned", "application/json", k_window_schema}, k_doc_unknown}}});
    routes.add({.family = family,
                .method = "DELETE",
                .pattern = "/api/v2/maintenance/{id}",
                .scope = Scope::network,
                .is_change = true,
                .handle = remove,
                .doc = {.summary = "Take a window back", .answers = {k_doc_done, k_doc_unknown}}});
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = "/api/v2/outages/report",
         .scope = Scope::read,
         .handle = report,
         .doc = {.summary = "How available ONTs were; time in which nobody looked, and maintenance, count neither way",
                 .parameters = {k_doc_since,
                                k_doc_until,
                                {"by", "query", R"({"type":"string","enum":["ont","parent","location"],"default":"location"})",
                                 "a row for each of these"},
                                {"ont", "query", k_schema_texts, "of this ONT; may be given several times"},
                                {"group", "query", k_schema_texts, "of those with this tag; may be given several times"},
                                {"location", "query", k_schema_texts, "of those at this place; may be given several times"}},
                 .answers = {{200, "the report", "application/json", k_report_schema}, k_doc_unknown}}});
}

}  // namespace bioctl::http
