#include "lib/http/metrics.hpp"

#include <algorithm>
#include <chrono>

#include "lib/http/exposition.hpp"
#include "lib/http/families.hpp"

namespace bioctl::http {

namespace {

using enum MetricType;

double seconds_of(Timestamp time) {
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

std::int64_t whole(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

void add_server(Exposition& text, Site& site) {
    auto const& figures = site.figures();
    auto const one = [&](std::string_view name, MetricType type, std::string_view help, std::int64_t value) {
        text.family(name, type, help);
        text.sample({}, value);
    };
    one("bioctl_uptime_seconds", gauge, "How long the server has been running.", site.uptime().count());
    one("bioctl_http_connections_total", counter, "Connections taken.", whole(figures.connections));
    one("bioctl_http_connections_open", gauge, "Connections open now.", figures.open_connections);
    one("bioctl_http_websockets_open", gauge, "WebSockets open now.", figures.open_websockets);
    one("bioctl_http_websockets_dropped_total", counter, "WebSockets dropped because they did not keep up.",
        whole(figures.websocket_dropped));
    one("bioctl_http_refused_busy_total", counter, "Requests refused with 503 because a queue was full.",
        whole(figures.refused_busy));
    one("bioctl_http_refused_rate_total", counter, "Requests refused with 429 because the client asked too often.",
        whole(figures.refused_rate));
    one("bioctl_http_bad_requests_total", counter, "What came and was no HTTP.", whole(figures.bad_requests));
    one("bioctl_live_messages_total", counter, "Messages published to WebSockets.", whole(site.hub().published()));
    auto const load = site.load ? site.load() : Site::Load{};
    text.family("bioctl_queue_waiting", gauge, "Requests that wait for a worker.");
    text.sample({{"pool", "inference"}}, whole(load.inference_waiting));
    text.sample({{"pool", "store"}}, whole(load.store_waiting));
    text.family("bioctl_workers_busy", gauge, "Workers that have something in hand.");
    text.sample({{"pool", "inference"}}, std::int64_t{load.inference_busy});
    text.sample({{"pool", "store"}}, std::int64_t{load.store_busy});
    one("bioctl_inference_workers", gauge, "Workers that look at photos.", load.inference_workers);
}

void add_requests(Exposition& text, Site& site) {
    auto const rows = site.route_figures().rows();
    text.family("bioctl_http_requests_total", counter, "Requests answered, by route and status.");
    for (auto const& row : rows) {
        for (auto const& [status, number] : row.by_status)
            text.sample({{"method", row.method}, {"route", row.route}, {"status", std::to_string(status)}}, whole(number));
    }
    text.family("bioctl_http_request_duration_seconds", histogram, "From the first byte of a request to its reply.");
    for (auto const& row : rows)
        text.histogram({{"method", row.method}, {"route", row.route}}, RouteFigures::k_bounds_s, row.buckets, row.seconds);
}

void add_by(Exposition& text, std::string_view name, std::string_view label, std::string_view help,
            std::map<std::string, std::int64_t> const& numbers) {
    text.family(name, gauge, help);
    for (auto const& [value, number] : numbers)
        text.sample({{label, value}}, number);
}

void add_terminals(Exposition& text, app::Figures const& figures) {
    add_by(text, "bioctl_devices", "state", "Terminals, by state.", figures.devices);
    text.family("bioctl_device_last_sync_timestamp_seconds", gauge, "When a terminal was last read wholly; 0 is never.");
    for (auto const& sync : figures.syncs)
        text.sample({{"device", sync.device}}, seconds_of(sync.at));
    text.family("bioctl_device_backlog_events", gauge, "Events that a terminal still held after the last sync.");
    for (auto const& sync : figures.syncs)
        text.sample({{"device", sync.device}}, sync.backlog);
    add_by(text, "bioctl_events", "kind", "Events in the store, counted at most once a minute.", figures.events);
}

void add_outbox(Exposition& text, app::Figures const& figures, Timestamp now) {
    text.family("bioctl_deliveries", gauge, "Deliveries in the outbox, by target and state, counted at most once a minute.");
    for (auto const& [key, number] : figures.deliveries)
        text.sample({{"target", key.first}, {"state", key.second}}, number);
    text.family("bioctl_delivery_oldest_pending_age_seconds", gauge, "How long the oldest pending delivery has waited.");
    for (auto const& oldest : figures.oldest_pending) {
        auto const age = std::max(0.0, seconds_of(now) - seconds_of(oldest.queued_at));
        text.sample({{"target", oldest.target}}, age);
    }
}

void add_network(Exposition& text, app::Figures const& figures) {
    auto const one = [&](std::string_view name, std::string_view help, std::int64_t value) {
        text.family(name, gauge, help);
        text.sample({}, value);
    };
    add_by(text, "bioctl_onts", "state", "ONTs, OLTs and switches, by state.", figures.onts);
    add_by(text, "bioctl_routers", "state", "MikroTik routers, by state.", figures.routers);
    one("bioctl_outages_open", "Outages that go on.", figures.outages_open);
    one("bioctl_outages_unacknowledged", "Outages that go on and nobody has taken note of.", figures.outages_unacknowledged);
    one("bioctl_alerts_open", "Alerts that go on.", figures.alerts_open);
    one("bioctl_notifications_unread", "Notifications that nobody has read.", figures.unread_notifications);
    text.family("bioctl_ping_last_round_timestamp_seconds", gauge, "When the last round of pings began; 0 is never.");
    text.sample({}, figures.last_round ? seconds_of(*figures.last_round) : 0.0);
    text.family("bioctl_ping_last_round_duration_seconds", gauge, "How long the last round of pings took.");
    constexpr double k_ms_in_s = 1000;
    text.sample({}, static_cast<double>(figures.last_round_ms) / k_ms_in_s);
}

void add_store(Exposition& text, app::Figures const& figures) {
    auto const one = [&](std::string_view name, std::string_view help, std::int64_t value) {
        text.family(name, gauge, help);
        text.sample({}, value);
    };
    one("bioctl_people", "People who are enrolled.", figures.people);
    add_by(text, "bioctl_templates", "contract",
           "Templates of faces, by the models they belong to, and of palms, by the pipeline.", figures.templates);
    one("bioctl_store_bytes", "Size of the store.", whole(figures.store_bytes));
    one("bioctl_store_log_bytes", "Size of the store's write-ahead log.", whole(figures.log_bytes));
}

}  // namespace

std::shared_ptr<app::Figures const> FigureCache::get(Count const& count) {
    constexpr std::chrono::seconds k_life_of_counts{60};
    std::unique_lock counting{m_counting, std::try_to_lock};
    if (!counting.owns_lock()) {
        if (auto figures = last()) return figures;
        counting.lock();  // the first of all: there is nothing older to hand out
    }
    auto const now = std::chrono::steady_clock::now();
    auto const known = last();
    if (known && now - m_at < m_life) return known;
    bool const has_counts = known && now - m_counts_at < k_life_of_counts;
    auto fresh = std::make_shared<app::Figures const>(count(has_counts ? known.get() : nullptr));
    m_at = now;
    if (!has_counts) m_counts_at = now;
    std::lock_guard const lock{m_mutex};
    m_figures = fresh;
    return fresh;
}

std::shared_ptr<app::Figures const> FigureCache::last() const {
    std::lock_guard const lock{m_mutex};
    return m_figures;
}

std::string metrics_text(Site& site, app::Figures const& figures, Timestamp now) {
    Exposition text;
    add_server(text, site);
    add_requests(text, site);
    add_store(text, figures);
    add_terminals(text, figures);
    add_outbox(text, figures, now);
    add_network(text, figures);
    return text.text();
}

void add_metrics(Routes& routes) {
    auto const cache = std::make_shared<FigureCache>();
    auto const handle = [cache](Call const& call) {
        auto const figures = cache->get([&](app::Figures const* known) { return app::figures_of(call.desk->store(), known); });
        Reply reply;
        reply.content_type = Exposition::k_content_type;
        reply.body = metrics_text(call.site, *figures, call.desk->clock().now());
        return reply;
    };
    routes.add(
        {.family = Family::operations,
         .method = "GET",
         .pattern = "/metrics",
         .scope = app::Scope::metrics,
         .handle = handle,
         .doc = {.summary =
                     "Figures for Prometheus; what the store says is at most 5 seconds old, its events and deliveries a minute",
                 .answers = {{200, "the figures, text format 0.0.4", "text/plain", R"({"type":"string"})"}}}});
}

}  // namespace bioctl::http
