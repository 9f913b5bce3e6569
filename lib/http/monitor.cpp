// S2: the monitor of ONTs. What it knew of them and of their outages, in its own words.

#include "lib/app/ont_shapes.hpp"
#include "lib/app/onts.hpp"
#include "lib/app/outages.hpp"
#include "lib/http/families.hpp"
#include "lib/http/flask.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

namespace {

// The map of the old service polls all of them every few seconds.
constexpr std::int64_t k_most_outages = 10'000;

/// Only ONTs: what they hang on was not known to the old service.
Reply onts(Call const& call) {
    app::OntFilter filter;
    filter.kind = "ont";
    auto const found = app::find_onts(call.desk->store(), filter);
    return unless_known(call.request, flask_text(app::to_live_array(found, zone_of(call))));
}

Json time_or_null(app::Zone const& zone, std::optional<Timestamp> const& time) {
    return time ? Json(naive_time(zone, *time)) : Json{};
}

Reply outages(Call const& call) {
    auto const zone = zone_of(call);
    store::OutageFilter filter;
    filter.limit = k_most_outages;
    auto rows = Json::array();
    call.desk->store().outages().each(filter, [&](store::Outage const& outage) {
        rows.push_back({{"ont_id", outage.ont},
                        {"ont_name", outage.ont_name},
                        {"start_time", naive_time(zone, outage.started_at)},
                        {"end_time", time_or_null(zone, outage.ended_at)}});
        return true;
    });
    return unless_known(call.request, flask_reply(rows));
}

Reply outage_summary(Call const& call) {
    auto const zone = zone_of(call);
    auto rows = Json::array();
    for (auto const& row : call.desk->store().outages().summary()) {
        rows.push_back({{"ont_id", row.ont},
                        {"ont_name", row.ont_name},
                        {"outage_count", row.outages},
                        {"last_start", naive_time(zone, row.last_start)},
                        {"last_end", time_or_null(zone, row.last_end)},
                        {"ongoing", !row.last_end.has_value()}});
    }
    return unless_known(call.request, flask_reply(rows));
}

/// Those that go on stay: their end has to belong to something.
Reply clear_outages(Call const& call) {
    auto& desk = *call.desk;
    auto const audit = [&](app::ClearedOutages const& cleared) {
        app::record(desk.store(), desk.clock(), actor_of(call), "outages.clear", "",
                    {{"outages", std::to_string(cleared.outages)}});
    };
    static_cast<void>(app::clear_outages(desk.store(), desk.clock(), std::nullopt, desk.data_dir() / "backups", audit));
    return flask_message("Semua data rekap outages berhasil dihapus.", true);
}

}  // namespace

void add_monitor(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::monitor;
    routes.set_voice(family, flask_voice);
    Doc::Answer const known{304, "as the client has it already (If-None-Match)"};
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/onts",
                .scope = Scope::read,
                .handle = onts,
                .doc = {.summary = "All ONTs with their status: ON, OFF or UNKNOWN", .answers = {{200, "a list"}, known}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/outages",
                .scope = Scope::read,
                .handle = outages,
                .doc = {.summary = "The newest 10,000 outages, latest start first", .answers = {{200, "a list"}, known}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/outages/summary",
                .scope = Scope::read,
                .handle = outage_summary,
                .doc = {.summary = "Outages of each ONT, the most first", .answers = {{200, "a list"}, known}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/outages/clear-all",
                .scope = Scope::network,
                .is_change = true,
                .handle = clear_outages,
                .doc = {.summary = "Forget the outages that have ended, with a backup", .answers = {{200, "done"}}}});
}

}  // namespace bioctl::http
