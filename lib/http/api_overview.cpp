// How things are, in one answer: what the first page shows.

#include <memory>

#include "lib/app/moment.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"
#include "lib/http/metrics.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_overview_schema =
    R"({"type":"object","properties":{"at":{"type":"string","format":"date-time"},"today":{"type":"object","description":"since midnight in the server's zone","properties":{"since":{"type":"string","format":"date-time"},"recognized":{"type":"integer"},"other":{"type":"integer"}}},"people":{"type":"integer"},"devices":{"type":"object","description":"terminals by state","additionalProperties":{"type":"integer"}},"onts":{"type":"object","description":"ONTs, OLTs and switches by state","additionalProperties":{"type":"integer"}},"routers":{"type":"object","additionalProperties":{"type":"integer"}},"outages":{"type":"object","properties":{"open":{"type":"integer"},"unacknowledged":{"type":"integer"}}},"alerts":{"type":"integer"},"unread_notifications":{"type":"integer"},"deliveries":{"type":"object","properties":{"pending":{"type":"integer"},"failed":{"type":"integer","description":"at most a minute old"},"oldest_pending_at":{"type":["string","null"],"format":"date-time","description":"at most a minute old"}}},"last_round_at":{"type":["string","null"],"format":"date-time","description":"of pings"}}})";

std::int64_t events_since(Call const& call, Timestamp since, std::string const& kind) {
    store::EventFilter filter;
    filter.since = since;
    filter.kind = kind;
    return call.desk->store().events().count(filter);
}

Json deliveries_json(app::Figures const& figures, std::int64_t pending) {
    std::int64_t failed = 0;
    for (auto const& [key, number] : figures.deliveries) {
        if (key.second == "failed") failed += number;
    }
    std::optional<Timestamp> oldest;
    for (auto const& one : figures.oldest_pending) {
        if (!oldest || one.queued_at < *oldest) oldest = one.queued_at;
    }
    return {{"pending", pending}, {"failed", failed}, {"oldest_pending_at", pending > 0 ? time_json(oldest) : Json{}}};
}

Reply overview(Call const& call, FigureCache& cache) {
    auto& store = call.desk->store();
    auto const figures = cache.get([&](app::Figures const* known) { return app::figures_of(store, known); });
    auto const now = call.desk->clock().now();
    auto const midnight = app::Zone{call.desk->rules()->timezone}.parse("today", now).or_throw();
    Json today;
    std::int64_t pending = 0;
    store.read([&] {
        today = {{"since", time_json(midnight)},
                 {"recognized", events_since(call, midnight, "recognized")},
                 {"other", events_since(call, midnight, "other")}};
        pending = store.outbox().pending();
    });
    return json_reply({{"at", time_json(now)},
                       {"today", std::move(today)},
                       {"people", figures->people},
                       {"devices", figures->devices},
                       {"onts", figures->onts},
                       {"routers", figures->routers},
                       {"outages", {{"open", figures->outages_open}, {"unacknowledged", figures->outages_unacknowledged}}},
                       {"alerts", figures->alerts_open},
                       {"unread_notifications", figures->unread_notifications},
                       {"deliveries", deliveries_json(*figures, pending)},
                       {"last_round_at", time_json(figures->last_round)}});
}

}  // namespace

void add_api_overview(Routes& routes) {
    constexpr std::chrono::milliseconds k_life{500};  // many pages, one count
    auto const cache = std::make_shared<FigureCache>(k_life);
    routes.add({.family = Family::api,
                .method = "GET",
                .pattern = "/api/v2/overview",
                .scope = app::Scope::read,
                .handle = [cache](Call const& call) { return overview(call, *cache); },
                .doc = {.summary = "How things are: terminals and ONTs by state, today's events, outages, deliveries",
                        .answers = {{200, "the figures", "application/json", k_overview_schema}}}});
}

}  // namespace bioctl::http
