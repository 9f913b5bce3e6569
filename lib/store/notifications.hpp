#pragma once
// The list of notifications that people read, and what was cleared from it.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

struct Notification {
    std::int64_t id = 0;  ///< never used twice
    Timestamp at{};
    std::string type = "info";  ///< success, info, warning, error
    std::string message{};
    std::optional<std::int64_t> ont{};
    std::optional<std::string> ont_name{};
    bool is_read = false;
};

struct NotificationFilter {
    bool unread_only = false;
    std::optional<std::string> type{};
    std::optional<Timestamp> since{};                                ///< from this time on
    std::optional<std::pair<Timestamp, std::int64_t>> older_than{};  ///< the page after this `at` and id
    std::int64_t limit = 0;                                          ///< 0 = all
};

/// Statements on `notification` and `notification_clear`. Use inside Store::write() or read(). What was cleared is not shown
/// until it is restored.
class Notifications {
public:
    static constexpr int k_kept_clears = 10;

    /// Newest first.
    void each(NotificationFilter const& filter, std::function<bool(Notification const&)> const& take) const;
    [[nodiscard]] std::vector<Notification> list(NotificationFilter const& filter) const;
    [[nodiscard]] std::optional<Notification> get(std::int64_t id) const;  ///< also one that was cleared
    [[nodiscard]] std::int64_t unread() const;
    [[nodiscard]] std::int64_t newest_id() const;  ///< also of one that was cleared; 0: there is none
    /// The newest of those with a higher id that are shown, by id.
    [[nodiscard]] std::vector<Notification> after(std::int64_t id, int limit) const;
    [[nodiscard]] std::int64_t count_after(std::int64_t id) const;  ///< how many those are without a limit

    /// Under the next id; its own id is not looked at.
    std::int64_t add(Notification const& notification);
    /// Under its own id, for imports. False, and nothing added, if the id is taken.
    bool add_with_id(Notification const& notification);
    bool show_again(std::int64_t id);  ///< alone of its clear; false if it was not cleared
    bool mark_read(std::int64_t id);   ///< false if none of this id is shown
    std::int64_t mark_all_read();      ///< how many were unread

    /// Takes all that is shown away; restore() brings it back. Returns how many; nothing is remembered of an empty list. Only the
    /// newest k_kept_clears are kept, what older ones took is deleted.
    std::int64_t clear(Timestamp now);
    /// Brings back what the newest clear took, once; whatever came since stays. None if there is no clear to undo.
    std::optional<std::int64_t> restore();

private:
    friend class Store;
    explicit Notifications(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
