#pragma once
// The list of notifications, and messages to people, as users ask for them.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/delivery.hpp"
#include "lib/app/moment.hpp"
#include "lib/store/notifications.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

/// Error{usage} if the type is unknown, or the message is empty, not UTF-8 or longer than 4000 bytes.
store::Notification add_notification(store::Store& store, Clock const& clock, std::string_view type, std::string_view message);

/// Queues it for all targets that take notifications. Returns how many.
int send_notification(store::Store& store, Clock const& clock, store::Notification const& notification);

struct ClearedNotifications {
    std::int64_t notifications = 0;
    fs::path backup{};  ///< the file; "" if there was nothing to clear
};

/// Writes `backups`/notifications-YYYYmmdd-HHMMSS-mmm.json (local time, the shape of the old service; the newest ten are kept),
/// then clears the list: if the file cannot be written, nothing happens.
ClearedNotifications clear_notifications(store::Store& store, Clock const& clock, Zone const& zone, fs::path const& backups);

/// All that is shown, newest first, as the notifications.json of the old service.
[[nodiscard]] std::string export_notifications(store::Store& store);

struct NotificationImport {
    std::int64_t added = 0;
    std::int64_t known = 0;  ///< were there already: same time, type and message
    struct Refusal {
        std::int64_t row = 0;  ///< from 1
        std::string reason{};
    };
    std::vector<Refusal> refused{};
};

/// Reads a notifications.json of the old service; times without an offset are those of `zone`. Rows get numbers of our own. With
/// `is_dry_run` nothing is stored. Throws Error{data} if it is no JSON array.
NotificationImport import_notifications(store::Store& store, Zone const& zone, std::string_view json, bool is_dry_run);

struct TargetTest {
    std::string target{}, state{}, reason{};  ///< state: sent, or what kept it from being sent: failed, pending, disabled
    int status = 0;
    int attempts = 0;
};

/// Sends a test notification through the outbox to each of these targets, now, and waits: at most `patience` beyond a target's
/// own time-out. What could not be sent is dropped, so that it does not come later. Error{no_input} for an unknown target,
/// Error{usage} for one that does not take notifications. Empty names: all enabled targets that take them.
[[nodiscard]] std::vector<TargetTest> test_targets(DeliverySetup setup, std::vector<std::string> const& names,
                                                   std::chrono::milliseconds patience);

}  // namespace bioctl::app
