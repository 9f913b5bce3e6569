#include "lib/app/notifications.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/targets.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "lib/base/text.hpp"
#include "lib/base/vault.hpp"
#include "lib/notify/notification.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_longest_message = 2000;
constexpr std::size_t k_kept_backups = 10;
constexpr std::string_view k_kind = "notification";

bool takes_notifications(store::Target const& target) {
    return std::ranges::find(target.kinds, k_kind) != target.kinds.end();
}

store::Message message_of(notify::Notification const& notification, std::string identity, Timestamp time) {
    return {.kind = std::string{k_kind}, .identity = std::move(identity), .time = time, .body = notify::to_json(notification)};
}

/// "notifications-20261121-071500-042.json"
std::string backup_name(Zone const& zone, Timestamp now) {
    auto digits = zone.show(now);
    std::erase_if(digits, [](char c) { return c == '-' || c == ':'; });
    std::ranges::replace(digits, ' ', '-');
    return fmt::format("notifications-{}-{:03}.json", digits, to_ms(now) % 1000);
}

bool is_backup(std::string const& name) {
    constexpr std::string_view k_shape = "notifications-########-######-###.json";
    return name.size() == k_shape.size() && std::equal(name.begin(), name.end(), k_shape.begin(), [](char c, char shape) {
               return shape == '#' ? c >= '0' && c <= '9' : c == shape;
           });
}

/// Their names are in the order of time. One that cannot be removed is no reason to fail: it only takes room.
void prune_backups(fs::path const& folder) {
    std::vector<fs::path> backups;
    std::error_code ignored;
    for (auto const& entry : fs::directory_iterator{folder, ignored}) {
        if (is_backup(entry.path().filename().string())) backups.push_back(entry.path());
    }
    std::ranges::sort(backups);
    for (std::size_t i = 0; i + k_kept_backups < backups.size(); ++i)
        fs::remove(backups[i], ignored);
}

}  // namespace

Added add_notification(store::Store& store, Clock const& clock, std::string_view message, std::string_view type, Send send) {
    if (!notify::is_notification_type(type))
        throw Error{Kind::usage, fmt::format("type '{}' must be success, info, warning or error", printable(type))};
    if (trim(message).empty()) throw Error{Kind::usage, "the message is empty"};
    if (message.size() > k_longest_message)
        throw Error{Kind::usage,
                    fmt::format("a message has at most {} bytes; this one has {}", k_longest_message, message.size())};
    Added added;
    added.notification = {.at = clock.now(), .type = std::string{type}, .message = to_valid_utf8(message)};
    store.write([&] {
        added.notification.id = store.notifications().add(added.notification);
        if (send == Send::no) return;
        notify::Notification const told{.type = added.notification.type,
                                        .cause = fmt::format("notification:{}", added.notification.id),
                                        .title = added.notification.message,
                                        .started_at = added.notification.at};
        added.queued = store.outbox().queue_message(message_of(told, told.cause, added.notification.at), clock.now());
    });
    return added;
}

Cleared clear_notifications(store::Store& store, Clock const& clock, Zone const& zone, fs::path const& folder,
                            std::function<void(Cleared const&)> const& in_transaction) {
    Cleared cleared;
    // One transaction: what comes meanwhile is neither missing in the file nor cleared.
    store.write([&] {
        auto shown = store.notifications().list({});
        if (shown.empty()) return;
        std::ranges::reverse(shown);
        cleared.backup = folder / backup_name(zone, clock.now());
        write_private(folder.parent_path(), cleared.backup, as_bytes(to_old_json(shown)));
        cleared.notifications = store.notifications().clear(clock.now());
        if (in_transaction) in_transaction(cleared);
    });
    if (!cleared.backup.empty()) prune_backups(folder);
    return cleared;
}

Taken take_notification(store::Store& store, store::Notification const& notification) {
    if (notification.id > 0) {
        if (store.notifications().add_with_id(notification)) return Taken::added;
        auto const there = store.notifications().get(notification.id);
        bool const is_same = there && there->at == notification.at && there->message == notification.message &&
                             there->type == notification.type && there->ont == notification.ont;
        if (is_same) return store.notifications().show_again(notification.id) ? Taken::added : Taken::unchanged;
    }
    store.notifications().add(notification);
    return Taken::renumbered;
}

std::vector<QueuedTest> queue_tests(store::Store& store, Clock const& clock, std::optional<std::string> const& name) {
    std::vector<QueuedTest> tests;
    store.write([&] {
        std::vector<store::Target> targets;
        if (name) {
            targets = {require_target(store, *name)};
            if (!takes_notifications(targets.front()))
                throw Error{Kind::usage,
                            fmt::format("target '{}' takes no notifications; `bioctl targets edit {} --kind notification` "
                                        "changes that",
                                        printable(*name), shell_word(*name))};
            if (!targets.front().enabled)
                throw Error{Kind::usage, fmt::format("target '{}' is disabled; `bioctl targets edit {} --enable` changes that",
                                                     printable(*name), shell_word(*name))};
        } else {
            targets = store.outbox().targets();
        }
        auto const now = clock.now();
        for (auto const& target : targets) {
            if (!target.enabled || !takes_notifications(target)) continue;
            notify::Notification const test{.type = "info",
                                            .cause = "test",
                                            .title = "bioctl: test notification",
                                            .lines = {fmt::format("This is how notifications for '{}' arrive.", target.name)},
                                            .started_at = now};
            // The first of all times: it goes ahead of what waits for the target.
            auto const queued = store.outbox().queue_message_to(target.key, message_of(test, random_uuid(), Timestamp{}), now);
            if (queued) tests.push_back({.delivery = *queued, .target = target.key, .name = target.name});
        }
    });
    if (tests.empty())
        throw Error{Kind::no_input, "no target takes notifications; `bioctl targets add NAME URL --kind notification` adds one"};
    return tests;
}

std::vector<store::Delivery> tests_now(store::Store& store, std::vector<QueuedTest> const& tests) {
    std::vector<store::Delivery> deliveries;
    store.read([&] {
        for (auto const& test : tests) {
            store::Delivery gone{.target = test.name, .state = "dropped", .reason = "the target was removed"};
            deliveries.push_back(store.outbox().delivery(test.delivery).value_or(gone));
        }
    });
    return deliveries;
}

void drop_tests(store::Store& store, Clock const& clock, std::vector<QueuedTest> const& tests) {
    store::DeliveryFilter filter{.states = {"pending"}};
    for (auto const& test : tests)
        filter.ids.push_back(test.delivery);
    store.write([&] { store.outbox().drop(filter, clock.now()); });
}

}  // namespace bioctl::app
