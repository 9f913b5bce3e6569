#pragma once
// Hours in which work is done on the network and nobody wants to be told. What they mean is in app/maintenance.hpp.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

/// What a user sets.
struct MaintenanceConfig {
    std::string scope = "all";     ///< all, ont, parent, location, group
    std::string scope_value{};     ///< id of the ONT or parent, the location, the tag; "" for all
    std::string zone{};            ///< IANA name
    std::string starts{};          ///< wall time of the zone: "2026-12-01T22:00"
    std::int64_t duration_s = 0;   ///< elapsed seconds, > 0
    std::string repeats = "once";  ///< once, daily, weekly
    std::string until{};           ///< last day of the zone on which it may begin: "2026-12-31"; "" = for ever
    std::string reason{};
};

struct Maintenance {
    std::int64_t id = 0;  ///< never used twice
    MaintenanceConfig config;
    Timestamp created_at{};
};

/// Statements on `maintenance`. Use inside Store::write() or read().
class MaintenanceWindows {
public:
    [[nodiscard]] std::vector<Maintenance> list() const;  ///< by id, those not removed
    [[nodiscard]] std::optional<Maintenance> get(std::int64_t id) const;
    std::int64_t add(MaintenanceConfig const& config, Timestamp now);
    bool remove(std::int64_t id, Timestamp now);  ///< the row stays, so that outages can be explained later

private:
    friend class Store;
    explicit MaintenanceWindows(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
