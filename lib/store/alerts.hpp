#pragma once
// What people are to be told of: one alert for each cause, and how far each target has been told.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

/// Stands for the list of notifications where a target is asked for.
inline constexpr std::int64_t k_notification_list = 0;

struct Alert {
    std::int64_t id = 0;
    std::string kind{};        ///< ont, parent, flapping, monitor, router
    std::int64_t subject = 0;  ///< ONT or router; 0 for the monitor
    std::string name{};
    Timestamp opened_at{};  ///< when it was known
    std::optional<Timestamp> closed_at{}, acked_at{};
};

/// An alert as a target has to be told of it.
struct AlertNews {
    Alert alert{};
    std::optional<Timestamp> told_down_at{};
    Timestamp started_at{};                 ///< of its first outage, or when it was opened
    std::optional<Timestamp> ended_at{};    ///< of its subject's own outage
    std::int64_t outages = 0, ongoing = 0;  ///< of other lines that belong to it, and of these those that go on
};

/// Statements on `alert` and `alert_told`. Use inside Store::write() or read().
class Alerts {
public:
    /// The open one of this kind and subject, made if there is none.
    std::int64_t open(std::string_view kind, std::int64_t subject, std::string_view name, Timestamp at);
    void close(std::int64_t id, Timestamp at);
    void close(std::string_view kind, std::int64_t subject, Timestamp at);  ///< the open one, if there is one
    [[nodiscard]] bool is_open(std::string_view kind, std::int64_t subject) const;
    [[nodiscard]] std::vector<Alert> ongoing() const;  ///< by id
    [[nodiscard]] std::optional<Alert> get(std::int64_t id) const;
    /// When the first of its outages began; empty if it has none.
    [[nodiscard]] std::optional<Timestamp> first_start(std::int64_t id) const;
    /// No target, nor the list of notifications, has been told of it.
    [[nodiscard]] bool is_untold(std::int64_t id) const;

    /// What this target may have to be told: alerts that go on and it does not know of, and those that it knows of and that are
    /// over. By id.
    [[nodiscard]] std::vector<AlertNews> news(std::int64_t target) const;
    void set_told_down(std::int64_t alert, std::int64_t target, Timestamp at);
    void set_told_up(std::int64_t alert, std::int64_t target, Timestamp at);
    /// Messages to this target in [since, until): each had a moment of its own.
    [[nodiscard]] int messages_between(std::int64_t target, Timestamp since, Timestamp until) const;

    void drop_closed(Timestamp before);

private:
    friend class Store;
    explicit Alerts(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
