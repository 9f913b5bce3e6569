// ONTs and what they hang on.

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/app/onts.hpp"
#include "lib/app/ping_history.hpp"
#include "lib/base/text.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_ont_schema = R"({"$ref":"#/components/schemas/Ont"})";
constexpr std::string_view k_change_schema =
    R"({"type":"object","additionalProperties":false,"properties":{"kind":{"type":"string","enum":["ont","olt","switch"]},"customer_id":{"type":"string"},"name":{"type":"string"},"location":{"type":"string"},"host":{"type":"string","description":"\"\" = is not pinged"},"latitude":{"type":["number","string"]},"longitude":{"type":["number","string"]},"parent":{"type":"string","description":"id, customer id or name; \"\" = none"},"tags":{"type":"array","items":{"type":"string"}},"enabled":{"type":"boolean"}}})";
constexpr std::string_view k_history_schema =
    R"({"type":"object","properties":{"ont":{"type":"integer"},"by":{"type":"string","enum":["round","5m","1h","1d"]},"items":{"type":"array","items":{"type":"object","properties":{"since":{"type":"string","format":"date-time"},"asked":{"type":"integer"},"lost":{"type":"integer"},"min_ms":{"type":["number","null"]},"avg_ms":{"type":["number","null"]},"p95_ms":{"type":["number","null"]},"max_ms":{"type":["number","null"]}}}},"next_cursor":{"type":"null"}}})";

Json json_of(store::Ont const& ont) {
    auto const& config = ont.config;
    return {{"id", ont.id},
            {"kind", config.kind},
            {"customer_id", text_json(config.customer_id)},
            {"name", config.name},
            {"location", text_json(config.location)},
            {"host", text_json(config.host)},
            {"latitude", value_json(config.latitude)},
            {"longitude", value_json(config.longitude)},
            {"parent_id", value_json(config.parent)},
            {"parent", text_json(ont.parent_name)},
            {"tags", config.tags},
            {"enabled", config.enabled},
            {"state", config.enabled ? ont.state : "disabled"},
            {"is_flapping", ont.is_flapping},
            {"rtt_us", value_json(ont.rtt_us)},
            {"last_answered", time_json(ont.last_answered)},
            {"asked_at", time_json(ont.asked_at)},
            {"created_at", time_json(ont.created_at)},
            {"updated_at", time_json(ont.updated_at)}};
}

app::OntRegistry registry_of(Call const& call) {
    return {.store = call.desk->store(), .clock = call.desk->clock(), .backups_dir = call.desk->data_dir() / "backups"};
}

/// Of the path, as require_ont() reads it: by its number only, for a name may change.
std::string reference_of(Call const& call) {
    return fmt::format("id:{}", id_in_path(call));
}

Reply list(Call const& call) {
    Filters filters{call};
    app::OntFilter filter;
    filter.group = filters.text("group");
    filter.location = filters.text("location");
    filter.kind = filters.one_of("kind", {"ont", "olt", "switch"});
    filter.parent = filters.text("parent");
    filter.state = filters.one_of("state", {"up", "down", "unknown", "flapping", "disabled"});
    filter.search = filters.text("search");
    auto const wish = filters.page();
    filters.finish();
    auto& store = call.desk->store();
    std::vector<store::Ont> onts;
    store.read([&] { onts = app::find_onts(store, filter); });
    return page_reply(call, app::page_by_id(onts, "onts", wish, [](store::Ont const& ont) { return ont.id; }),
                      [](store::Ont const& ont) { return json_of(ont); });
}

Reply show(Call const& call) {
    return json_reply(json_of(app::require_ont(call.desk->store(), reference_of(call))));
}

app::OntChange change_from(Fields& fields) {
    app::OntChange change;
    change.kind = fields.text("kind");
    change.customer_id = fields.text("customer_id");
    change.name = fields.text("name");
    change.location = fields.text("location");
    change.host = fields.text("host");
    change.latitude = fields.coordinate("latitude");
    change.longitude = fields.coordinate("longitude");
    change.parent = fields.text("parent");
    change.tags = fields.texts("tags");
    change.enabled = fields.flag("enabled");
    fields.finish();
    return change;
}

/// What is different now; nothing if nothing is.
app::AuditDetail detail_of(store::OntConfig const& before, store::OntConfig const& now) {
    app::AuditDetail detail;
    auto const add = [&](std::string_view name, auto const& old, auto const& value, auto const& text_of) {
        if (old != value) detail.emplace_back(name, text_of(value));
    };
    auto const text = [](std::string const& value) { return value; };
    auto const number = [](auto const& value) { return value ? fmt::format("{}", *value) : std::string{}; };
    add("kind", before.kind, now.kind, text);
    add("name", before.name, now.name, text);
    add("customer_id", before.customer_id, now.customer_id, text);
    add("host", before.host, now.host, text);
    add("location", before.location, now.location, text);
    add("latitude", before.latitude, now.latitude, number);
    add("longitude", before.longitude, now.longitude, number);
    add("parent", before.parent, now.parent, number);
    add("tags", before.tags, now.tags, [](auto const& tags) { return fmt::format("{}", fmt::join(tags, ",")); });
    add("enabled", before.enabled, now.enabled, [](bool is_enabled) { return std::string{is_enabled ? "yes" : "no"}; });
    return detail;
}

/// None unless somebody else has the customer id.
std::optional<Reply> refuse_taken(Call const& call, app::OntChange const& change, std::int64_t own) {
    if (!change.customer_id || change.customer_id->empty()) return std::nullopt;
    auto const other = call.desk->store().onts().with_customer_id(*change.customer_id);
    if (!other || other->id == own) return std::nullopt;
    return refuse({Refusal::conflict, fmt::format("the customer id '{}' is that of {} already", printable(*change.customer_id),
                                                  printable(other->config.name))});
}

Reply add(Call const& call) {
    Fields fields{call};
    auto const wanted = change_from(fields);
    if (auto refusal = refuse_taken(call, wanted, 0)) return std::move(*refusal);
    store::Together change_and_row{call.desk->store()};
    auto const ont = app::add_ont(registry_of(call), wanted);
    note(call, "onts.add", std::to_string(ont.id), detail_of({}, ont.config));
    change_and_row.commit();
    return created(call, std::to_string(ont.id), json_of(ont));
}

Reply edit(Call const& call) {
    Fields fields{call};
    auto const change = change_from(fields);
    if (fields.is_empty()) throw Error{Kind::usage, "say what to change"};
    if (auto refusal = refuse_taken(call, change, id_in_path(call))) return std::move(*refusal);
    auto const before = app::require_ont(call.desk->store(), reference_of(call));
    store::Together change_and_row{call.desk->store()};
    auto const ont = app::edit_ont(registry_of(call), reference_of(call), change);
    auto const detail = detail_of(before.config, ont.config);
    if (!detail.empty()) note(call, "onts.edit", std::to_string(ont.id), detail);
    change_and_row.commit();
    return json_reply(json_of(ont));
}

Reply remove(Call const& call) {
    store::Together change_and_row{call.desk->store()};
    auto const removed = app::remove_onts(registry_of(call), {reference_of(call)});
    for (auto const& ont : removed)
        note(call, "onts.remove", std::to_string(ont.id), {{"name", ont.config.name}});
    change_and_row.commit();
    return no_content();
}

std::string_view name_of(app::Tier tier) {
    switch (tier) {
        case app::Tier::round: return "round";
        case app::Tier::five_minutes: return "5m";
        case app::Tier::hour: return "1h";
        case app::Tier::day: return "1d";
    }
    throw Error{Kind::bug, "a Tier without a name"};
}

app::Tier tier_from(std::string_view name) {
    for (auto const tier : {app::Tier::round, app::Tier::five_minutes, app::Tier::hour}) {
        if (name_of(tier) == name) return tier;
    }
    return app::Tier::day;
}

Json milliseconds(std::optional<double> us) {
    constexpr double k_us_in_ms = 1000;
    return us ? Json(*us / k_us_in_ms) : Json{};
}

/// A shorter step than fits the time would be an answer of any size.
void require_reasonable(app::Tier tier, std::chrono::milliseconds span) {
    constexpr std::chrono::hours k_day{24};
    auto const longest = tier == app::Tier::round ? 7 * k_day : tier == app::Tier::five_minutes ? 90 * k_day : 731 * k_day;
    if (tier != app::Tier::day && span > longest)
        throw Error{Kind::usage, fmt::format("by {} the time may be at most {} days", name_of(tier), longest / k_day)};
}

Reply history(Call const& call) {
    constexpr std::chrono::hours k_day{24};
    Filters filters{call};
    auto const now = call.desk->clock().now();
    auto const until = filters.time("until").value_or(now + std::chrono::milliseconds{1});
    auto const since = filters.time("since").value_or(until - k_day);
    auto const by = filters.one_of("by", {"round", "5m", "1h", "1d"});
    filters.finish();
    if (until <= since) throw Error{Kind::usage, "until must be after since"};
    auto const tier = by ? tier_from(*by) : app::usual_tier(until - since);
    require_reasonable(tier, until - since);
    auto& store = call.desk->store();
    auto points = Json::array();
    std::int64_t id = 0;
    store.read([&] {
        id = app::require_ont(store, reference_of(call)).id;
        for (auto const& point : app::history_of(store, id, since, until, tier))
            points.push_back({{"since", time_json(point.since)},
                              {"asked", point.asked},
                              {"lost", point.lost},
                              {"min_ms", milliseconds(point.least_us)},
                              {"avg_ms", milliseconds(point.mean_us)},
                              {"p95_ms", milliseconds(point.p95_us)},
                              {"max_ms", milliseconds(point.most_us)}});
    });
    return json_reply({{"ont", id}, {"by", name_of(tier)}, {"items", std::move(points)}, {"next_cursor", Json{}}});
}

void add_changes(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/onts",
                .scope = Scope::network,
                .is_change = true,
                .handle = add,
                .doc = {.summary = "Add an ONT, an OLT or a switch",
                        .body = Doc::Body{"application/json", k_change_schema},
                        .answers = {{201, "added", "application/json", k_ont_schema}, k_doc_conflict}}});
    routes.add({.family = family,
                .method = "PATCH",
                .pattern = "/api/v2/onts/{id}",
                .scope = Scope::network,
                .is_change = true,
                .handle = edit,
                .doc = {.summary = "Change one; what is not named stays",
                        .body = Doc::Body{"application/json", k_change_schema},
                        .answers = {{200, "as it is now", "application/json", k_ont_schema}, k_doc_unknown, k_doc_conflict}}});
    routes.add({.family = family,
                .method = "DELETE",
                .pattern = "/api/v2/onts/{id}",
                .scope = Scope::network,
                .is_change = true,
                .handle = remove,
                .doc = {.summary = "Remove one; its outages and its history stay", .answers = {k_doc_done, k_doc_unknown}}});
}

}  // namespace

void add_api_onts(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    constexpr std::string_view k_text = R"({"type":"string"})";
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = "/api/v2/onts",
         .scope = Scope::read,
         .handle = list,
         .doc = {.summary = "ONTs with their state, by id",
                 .parameters = {{"group", "query", k_text, "with this tag"},
                                {"location", "query", k_text, "at this location"},
                                {"parent", "query", k_text, "right below this one: id, customer id or name"},
                                {"kind", "query", R"({"type":"string","enum":["ont","olt","switch"]})"},
                                {"state", "query", R"({"type":"string","enum":["up","down","unknown","flapping","disabled"]})"},
                                {"search", "query", k_text, "in name, customer id, location, host or a tag"},
                                k_doc_limit,
                                k_doc_cursor},
                 .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/OntPage"})"}}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/onts/{id}",
                .scope = Scope::read,
                .handle = show,
                .doc = {.summary = "One ONT", .answers = {{200, "the ONT", "application/json", k_ont_schema}, k_doc_unknown}}});
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = "/api/v2/onts/{id}/history",
         .scope = Scope::read,
         .handle = history,
         .doc = {.summary = "Round-trip times and losses over time",
                 .parameters = {k_doc_since,
                                k_doc_until,
                                {"by", "query", R"({"type":"string","enum":["round","5m","1h","1d"]})",
                                 "length of a step; chosen to fit the time asked for"}},
                 .answers = {{200, "points by time; where it was not asked there are none", "application/json", k_history_schema},
                             k_doc_unknown}}});
    add_changes(routes);
}

}  // namespace bioctl::http
