#pragma once
// What all handlers share. Made by cmd/serve, lives as long as the server. Thread-safe.

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "lib/app/audit.hpp"
#include "lib/app/desk.hpp"
#include "lib/app/dispatch.hpp"
#include "lib/app/doctor.hpp"
#include "lib/app/push.hpp"
#include "lib/app/sightings.hpp"
#include "lib/http/hub.hpp"
#include "lib/http/message.hpp"

namespace bioctl::app {
struct SyncSetup;
}

namespace bioctl::http {

/// A setting as people look at it.
struct SettingRow {
    std::string key, summary;
    std::optional<std::string> value{};  ///< none: it is not set
    std::string default_value{};         ///< "" = none
    std::string origin{};                ///< "default", "flag --threshold", "env BIOCTL_THRESHOLD", "file ...:3"
};

/// What may change while the server runs: read again with the configuration.
struct SiteRules {
    std::vector<std::string> cors_origins;  ///< "https://hrd.example.sch.id"; "*": any, without cookies
    bool is_readonly = false;
    std::string webhook_name;                ///< of the target that /recognize/realtime waits for; "" = none
    std::vector<SettingRow> settings;        ///< all of them, as they are in force
    std::string map_tiles, map_attribution;  ///< "https://tiles.example/{z}/{x}/{y}.png", "" = none
};

/// Counters of the server itself, for /metrics. Each is monotonic unless it says otherwise.
struct ServerFigures {
    std::atomic<std::uint64_t> connections{0}, requests{0}, refused_busy{0}, refused_rate{0}, bad_requests{0},
        websocket_dropped{0};
    std::atomic<std::int64_t> open_connections{0}, open_websockets{0};  ///< now
};

/// How many replies of a route had which status, and how long they took: buckets as Prometheus wants them.
class RouteFigures {
public:
    static constexpr std::array k_bounds_s{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0};
    struct Row {
        std::string method, route;
        std::map<int, std::uint64_t> by_status;
        std::array<std::uint64_t, k_bounds_s.size() + 1> buckets{};  ///< not yet added up
        double seconds = 0;
    };
    void count(std::string_view method, std::string_view route, int status, std::chrono::nanoseconds took);
    [[nodiscard]] std::vector<Row> rows() const;

private:
    mutable std::mutex m_mutex;
    std::map<std::pair<std::string, std::string>, Row> m_rows;
};

/// What handlers work with beside their desk. All of them are thread-safe.
struct SiteServices {
    app::Office& office;
    app::Sightings& sightings;
    app::Dispatcher& dispatcher;
    app::PushSetup push;
    std::function<void(std::string const&)> tell;  ///< a line for the administrator
    app::SyncSetup const& sync;                    ///< for talking to terminals
    /// What `bioctl doctor` finds, without reading the models; takes its time.
    std::function<std::vector<app::Check>()> examine{};
};

class Site {
public:
    Site(SiteServices services, SiteRules rules, std::chrono::steady_clock::time_point started);

    [[nodiscard]] app::Office& office() { return m_services.office; }
    [[nodiscard]] app::Sightings& sightings() { return m_services.sightings; }
    [[nodiscard]] app::Dispatcher& dispatcher() { return m_services.dispatcher; }
    [[nodiscard]] app::PushSetup const& push_setup() const { return m_services.push; }
    void tell(std::string const& line) const { m_services.tell(line); }
    [[nodiscard]] app::SyncSetup const& sync() const { return m_services.sync; }
    [[nodiscard]] std::vector<app::Check> examine() const { return m_services.examine(); }
    [[nodiscard]] Hub& hub() { return m_hub; }
    [[nodiscard]] ServerFigures& figures() { return m_figures; }
    [[nodiscard]] RouteFigures& route_figures() { return m_route_figures; }
    [[nodiscard]] std::shared_ptr<SiteRules const> rules() const;
    void set_rules(SiteRules rules);
    [[nodiscard]] std::chrono::seconds uptime() const;

    /// Depth of the queues now, for /metrics; set by the server.
    struct Load {
        std::size_t inference_waiting = 0, store_waiting = 0;
        int inference_busy = 0, inference_workers = 0, store_busy = 0;
    };
    std::function<Load()> load;
    std::string base_path;  ///< "/bioctl", "" = none; set by the server

private:
    SiteServices m_services;
    Hub m_hub;
    ServerFigures m_figures;
    RouteFigures m_route_figures;
    mutable std::mutex m_mutex;
    std::shared_ptr<SiteRules const> m_rules;
    std::chrono::steady_clock::time_point m_started;
};

struct Call;

/// For the audit log: who asks, and from where.
[[nodiscard]] app::Actor actor_of(Call const& call);

}  // namespace bioctl::http
