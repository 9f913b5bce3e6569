#pragma once
// What people were told, as a list that they read, clear and bring back.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

struct Notification {
    std::int64_t id = 0;
    Timestamp at{};
    std::string type = "info";  ///< success, info, warning, error
    std::string message{};
    std::optional<std::int64_t> ont{};
    std::optional<std::string> ont_name{};
    bool is_read = false;
};

struct NotificationFilter {
    bool is_unread = false;  ///< only those that nobody has read
    std::optional<std::string> type{};
    std::optional<Timestamp> since{};
    std::optional<std::pair<Timestamp, std::int64_t>> before{};  ///< time and id of the last one of the page before
    std::int64_t limit = 0;                                      ///< 0 = all
};

/// Statements on `notification` and `notification_clear`. Use inside Store::write() or read(). What was cleared is not shown,
/// read or counted.
class Notifications {
public:
    /// Returns its number; `notification.id` is not looked at.
    std::int64_t add(Notification const& notification);
    /// Newest first, until `take` returns false.
    void each(NotificationFilter const& filter, std::function<bool(Notification const&)> const& take) const;
    [[nodiscard]] bool is_shown(std::int64_t id) const;
    /// One of this time, type and message.
    [[nodiscard]] bool has(Notification const& like) const;
    [[nodiscard]] std::int64_t unread() const;
    std::int64_t mark_read(std::int64_t id);  ///< returns how many were unread: 0 or 1
    std::int64_t mark_all_read();

    /// Takes everything away that is shown, as one batch. Returns how many; 0 makes no batch.
    std::int64_t clear(Timestamp now);
    /// Brings back what the last clear took that was not brought back yet. Returns how many, 0 if there is none.
    std::int64_t restore();
    /// Forgets what was cleared before the newest `keep` batches.
    void prune(int keep);

private:
    friend class Store;
    explicit Notifications(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
