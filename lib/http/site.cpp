#include "lib/http/site.hpp"

#include <algorithm>

#include "lib/http/route.hpp"

namespace bioctl::http {

void RouteFigures::count(std::string_view method, std::string_view route, int status, std::chrono::nanoseconds took) {
    auto const seconds = std::chrono::duration<double>(took).count();
    auto const bucket = static_cast<std::size_t>(std::ranges::lower_bound(k_bounds_s, seconds) - k_bounds_s.begin());
    std::lock_guard const lock{m_mutex};
    auto& row = m_rows[{std::string{method}, std::string{route}}];
    if (row.method.empty()) {
        row.method = method;
        row.route = route;
    }
    ++row.by_status[status];
    ++row.buckets[bucket];
    row.seconds += seconds;
}

std::vector<RouteFigures::Row> RouteFigures::rows() const {
    std::lock_guard const lock{m_mutex};
    std::vector<Row> rows;
    for (auto const& [key, row] : m_rows)
        rows.push_back(row);
    return rows;
}

Site::Site(SiteServices services, SiteRules rules, std::chrono::steady_clock::time_point started)
    : m_services(std::move(services)), m_rules(std::make_shared<SiteRules const>(std::move(rules))), m_started(started) {}

std::shared_ptr<SiteRules const> Site::rules() const {
    std::lock_guard const lock{m_mutex};
    return m_rules;
}

void Site::set_rules(SiteRules rules) {
    auto fresh = std::make_shared<SiteRules const>(std::move(rules));
    std::lock_guard const lock{m_mutex};
    m_rules = std::move(fresh);
}

std::chrono::seconds Site::uptime() const {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - m_started);
}

app::Actor actor_of(Call const& call) {
    return app::actor_of(call.who, call.request.client);
}

}  // namespace bioctl::http
