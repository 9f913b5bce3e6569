// How many used the hotspots, and who used them most.

#include "lib/app/hotspot_history.hpp"
#include "lib/app/routers.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_history_schema =
    R"({"type":"object","properties":{"by":{"type":"string","enum":["hour","day"]},"since":{"type":"string","format":"date-time"},"until":{"type":"string","format":"date-time"},"devices":{"type":"integer","description":"different hardware addresses in all of it"},"items":{"type":"array","items":{"type":"object","properties":{"since":{"type":"string","format":"date-time"},"until":{"type":"string","format":"date-time"},"samples":{"type":"integer"},"average":{"type":"number"},"peak":{"type":"integer"},"trough":{"type":"integer"},"devices":{"type":"integer"}}}},"next_cursor":{"type":"null"}}})";
constexpr std::string_view k_top_schema =
    R"({"type":"object","properties":{"items":{"type":"array","items":{"type":"object","properties":{"mac":{"type":["string","null"]},"user":{"type":["string","null"]},"router":{"type":["string","null"]},"sessions":{"type":"integer"},"bytes_in":{"type":"integer","description":"from the user to the router"},"bytes_out":{"type":"integer"},"last_seen":{"type":["string","null"],"format":"date-time"}}}},"next_cursor":{"type":"null"}}})";

/// Since, until, router and server, with a begin so long before the end.
store::HotspotFilter filter_from(Call const& call, Filters& filters, std::chrono::hours span) {
    store::HotspotFilter filter;
    filter.until = filters.time("until").value_or(call.desk->clock().now());
    filter.since = filters.time("since").value_or(*filter.until - span);
    filter.router = filters.text("router");
    filter.server = filters.text("server");
    if (*filter.until <= *filter.since) throw Error{Kind::usage, "until must be after since"};
    if (filter.router) app::require_known_router(call.desk->store(), *filter.router);
    return filter;
}

Reply history(Call const& call) {
    constexpr std::chrono::hours k_month{30 * 24}, k_two_days{48};
    Filters filters{call};
    auto const by = filters.one_of("by", {"hour", "day"}).value_or("day");
    bool const is_by_day = by == "day";
    auto const filter = filter_from(call, filters, is_by_day ? k_month : k_two_days);
    filters.finish();
    auto& store = call.desk->store();
    app::Zone const zone{call.desk->rules()->timezone};
    std::int64_t devices = 0;
    std::vector<app::HotspotBucket> buckets;
    store.read([&] {
        buckets = app::hotspot_history(store, zone, is_by_day ? app::HotspotSpan::day : app::HotspotSpan::hour, filter);
        devices = store.hotspot().devices(filter);
    });
    auto items = Json::array();
    for (auto const& bucket : buckets)
        items.push_back({{"since", time_json(bucket.since)},
                         {"until", time_json(bucket.until)},
                         {"samples", bucket.samples},
                         {"average", bucket.average()},
                         {"peak", bucket.peak},
                         {"trough", bucket.trough},
                         {"devices", bucket.devices}});
    return json_reply({{"by", by},
                       {"since", time_json(*filter.since)},
                       {"until", time_json(*filter.until)},
                       {"devices", devices},
                       {"items", std::move(items)},
                       {"next_cursor", Json{}}});
}

Reply top(Call const& call) {
    constexpr std::chrono::hours k_week{7 * 24};
    constexpr std::int64_t k_usual = 20, k_most = 200;
    Filters filters{call};
    auto const filter = filter_from(call, filters, k_week);
    auto const limit = filters.whole("limit", 1, k_most).value_or(k_usual);
    filters.finish();
    auto& store = call.desk->store();
    auto items = Json::array();
    store.read([&] {
        for (auto const& one : store.hotspot().top(filter, limit))
            items.push_back({{"mac", text_json(one.mac)},
                             {"user", text_json(one.user)},
                             {"router", text_json(one.router)},
                             {"sessions", one.sessions},
                             {"bytes_in", one.bytes_in},
                             {"bytes_out", one.bytes_out},
                             {"last_seen", time_json(one.last_seen)}});
    });
    return json_reply({{"items", std::move(items)}, {"next_cursor", Json{}}});
}

}  // namespace

void add_api_hotspot(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    constexpr std::string_view k_text = R"({"type":"string"})";
    Doc::Parameter const router{"router", "query", k_text, "of this router"};
    Doc::Parameter const server{"server", "query", k_text, "of this hotspot server"};
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/hotspot/history",
                .scope = Scope::read,
                .handle = history,
                .doc = {.summary = "How many users there were, by hour or day of the server's zone",
                        .parameters = {k_doc_since,
                                       k_doc_until,
                                       {"by", "query", R"({"type":"string","enum":["hour","day"],"default":"day"})"},
                                       router,
                                       server},
                        .answers = {{200, "by time; where nobody counted there is nothing", "application/json", k_history_schema},
                                    k_doc_unknown}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/hotspot/top",
                .scope = Scope::read,
                .handle = top,
                .doc = {.summary = "Who moved most bytes, both ways together",
                        .parameters = {k_doc_since,
                                       k_doc_until,
                                       router,
                                       server,
                                       {"limit", "query", R"({"type":"integer","minimum":1,"maximum":200,"default":20})"}},
                        .answers = {{200, "most first", "application/json", k_top_schema}, k_doc_unknown}}});
}

}  // namespace bioctl::http
