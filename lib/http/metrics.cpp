#include "lib/http/metrics.hpp"

#include <chrono>

#include "lib/app/exposition.hpp"
#include "lib/app/figures_text.hpp"
#include "lib/http/families.hpp"

namespace bioctl::http {

namespace {

using app::Exposition;
using app::MetricType;
using enum app::MetricType;

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
    app::add_figures(text, figures, now);
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
