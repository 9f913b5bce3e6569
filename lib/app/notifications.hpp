#pragma once
// The list of notifications as users manage it, its old file, and whether the targets that are told work.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/moment.hpp"
#include "lib/base/clock.hpp"
#include "lib/base/result.hpp"
#include "lib/store/notifications.hpp"
#include "lib/store/outbox.hpp"

namespace bioctl::app {

namespace fs = std::filesystem;

/// Adds it to the list, and queues it for every target that takes notifications if `send` says so. Error{usage} for an empty or
/// overlong message or an unknown type.
enum class Send { no, yes };
struct Added {
    store::Notification notification;
    int queued = 0;  ///< targets
};
Added add_notification(store::Store& store, Clock const& clock, std::string_view message, std::string_view type, Send send);

/// Adds what a client of the old service has posted: to the list only. A type that is none of ours counts as info; the time is as
/// in from_old_json(), or now. Error{usage} for an overlong message, {data} for a time that is none.
struct PostedNotification {
    std::string message{}, type = "info";
    std::optional<std::string> timestamp{};
};
store::Notification post_notification(store::Store& store, Clock const& clock, Zone const& zone, PostedNotification const& posted,
                                      std::function<void(store::Notification const&)> const& in_transaction);

struct Cleared {
    std::int64_t notifications = 0;
    fs::path backup{};  ///< empty if there was nothing to clear
};
/// Writes what is shown to <folder>/notifications-YYYYmmdd-HHMMSS-mmm.json (local time; the newest ten are kept), then clears the
/// list. Error of the file: nothing is cleared. `in_transaction` is called with what is about to be, unless that is nothing.
Cleared clear_notifications(store::Store& store, Clock const& clock, Zone const& zone, fs::path const& folder,
                            std::function<void(Cleared const&)> const& in_transaction = {});

/// The old service's notifications.json: [{"id", "message", "type", "timestamp", "ont_id", "ont_name", "read"}, ...].
[[nodiscard]] std::string to_old_json(std::vector<store::Notification> const& notifications);
/// A Result for each row, in order; times without an offset are of this zone. Throws Error{data} if it is no JSON array.
[[nodiscard]] std::vector<Result<store::Notification>> from_old_json(std::string_view json, Zone const& zone);

enum class Taken { added, renumbered, unchanged };
/// Under its own id if that is free, else under the next one; what is there already stays.
Taken take_notification(store::Store& store, store::Notification const& notification);

/// A test notification in the outbox.
struct QueuedTest {
    std::int64_t delivery = 0, target = 0;
    std::string name{};
};
/// For each enabled target that takes notifications, or the one that is named, ahead of what waits there. Error{no_input} if
/// there is none, Error{usage} if the named one takes none or is disabled.
[[nodiscard]] std::vector<QueuedTest> queue_tests(store::Store& store, Clock const& clock,
                                                  std::optional<std::string> const& name);

/// What has become of them: sent, failed or pending.
[[nodiscard]] std::vector<store::Delivery> tests_now(store::Store& store, std::vector<QueuedTest> const& tests);
/// A test that was not sent by now is of no use later.
void drop_tests(store::Store& store, Clock const& clock, std::vector<QueuedTest> const& tests);

}  // namespace bioctl::app
