#include "lib/app/notifications.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/targets.hpp"
#include "lib/base/file.hpp"
#include "lib/base/random.hpp"
#include "lib/base/text.hpp"
#include "lib/notify/notification.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_longest_message = 4000;
constexpr int k_kept_backups = 10;

bool takes_notifications(store::Target const& target) {
    return std::ranges::find(target.kinds, "notification") != target.kinds.end();
}

/// The first line is the title.
notify::Notification told(store::Notification const& notification) {
    auto lines = split(notification.message, '\n');
    notify::Notification result{.level = notification.type, .cause = fmt::format("notification:{}", notification.id)};
    result.title = lines.front();
    result.lines.assign(lines.begin() + 1, lines.end());
    result.started_at = notification.at;
    result.count = 1;
    return result;
}

/// "20261121-071500-123", local time.
std::string stamp_of(Zone const& zone, Timestamp time) {
    auto text = zone.show(time);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    std::ranges::replace(text, ' ', '-');
    return fmt::format("{}-{:03}", text, to_ms(time) % 1000);
}

fs::path free_name(fs::path const& folder, Zone const& zone, Timestamp time) {
    for (;; time += std::chrono::milliseconds{1}) {
        auto file = folder / fmt::format("notifications-{}.json", stamp_of(zone, time));
        if (is_absent(file)) return file;
    }
}

/// Their names sort by time. One that cannot be removed is a nuisance, no failure.
void drop_old_backups(fs::path const& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error)) {
        auto const name = it->path().filename().string();
        if (name.starts_with("notifications-") && name.ends_with(".json")) files.push_back(it->path());
    }
    std::ranges::sort(files, std::greater{});
    for (std::size_t i = k_kept_backups; i < files.size(); ++i)
        fs::remove(files[i], error);
}

}  // namespace

store::Notification add_notification(store::Store& store, Clock const& clock, std::string_view type, std::string_view message) {
    if (!notify::is_level(type))
        throw Error{Kind::usage, fmt::format("type '{}' must be one of: success, info, warning, error", printable(type))};
    auto const text = trim(message);
    if (text.empty() || text.size() > k_longest_message || !is_utf8(text))
        throw Error{Kind::usage, fmt::format("a message is text of 1 to {} bytes in UTF-8", k_longest_message)};
    store::Notification notification;
    notification.at = clock.now();
    notification.type = type;
    notification.message = text;
    store.write([&] { notification.id = store.notifications().add(notification); });
    return notification;
}

int send_notification(store::Store& store, Clock const& clock, store::Notification const& notification) {
    store::Message message;
    message.kind = "notification";
    message.identity = fmt::format("{}:{}", notification.id, to_ms(notification.at));
    message.time = notification.at;
    message.body = notify::to_json(told(notification));
    int queued = 0;
    store.write([&] { queued = store.outbox().queue_message(message, clock.now()); });
    return queued;
}

ClearedNotifications clear_notifications(store::Store& store, Clock const& clock, Zone const& zone, fs::path const& backups) {
    ClearedNotifications result;
    auto const now = clock.now();
    store.write([&] {
        auto const content = export_notifications(store);
        result.notifications = store.notifications().clear(now);
        if (result.notifications == 0) return;
        store.notifications().prune(k_kept_backups);
        make_private_folders(backups);
        result.backup = free_name(backups, zone, now);
        write_file(result.backup, as_bytes(content), Durability::synced, 0600);
    });
    drop_old_backups(backups);
    return result;
}

namespace {

/// Error if one cannot be tested; then none is.
std::vector<store::Target> chosen(store::Store& store, std::vector<std::string> const& names) {
    std::vector<store::Target> targets;
    if (names.empty()) {
        for (auto& target : store.outbox().targets()) {
            if (target.enabled && takes_notifications(target)) targets.push_back(std::move(target));
        }
        return targets;
    }
    for (auto const& name : names) {
        targets.push_back(require_target(store, name));
        if (!takes_notifications(targets.back()))
            throw Error{Kind::usage,
                        fmt::format("{} takes no notifications; `bioctl targets edit {} --kind notification` changes that",
                                    printable(name), shell_word(name))};
    }
    return targets;
}

store::Message test_message(Timestamp now) {
    notify::Notification const test{.level = "info",
                                    .cause = "test",
                                    .title = "bioctl: test notification",
                                    .lines = {"If you can read this, notifications reach you."},
                                    .started_at = now,
                                    .count = 1};
    store::Message message;
    message.kind = "notification";
    message.identity = random_uuid();
    message.time = now;
    message.body = notify::to_json(test);
    return message;
}

TargetTest outcome_of(store::Store& store, std::string const& target, std::int64_t id) {
    TargetTest test{.target = target, .state = "disabled", .reason = "the target is disabled"};
    store::DeliveryFilter filter;
    filter.ids = {id};
    if (id == 0) return test;
    store.outbox().each(filter, [&](store::Delivery const& delivery) {
        test.state = delivery.state;
        test.reason = delivery.reason;
        test.status = delivery.http_status;
        test.attempts = delivery.attempts;
        return false;
    });
    if (test.state != "sent" && test.reason.empty())
        test.reason = "others wait in front of it, or its receiver has had enough for now";
    return test;
}

}  // namespace

std::vector<TargetTest> test_targets(DeliverySetup setup, std::vector<std::string> const& names,
                                     std::chrono::milliseconds patience) {
    std::vector<std::pair<std::string, std::int64_t>> queued;
    setup.writer.write([&](store::Store& store) {
        auto const now = setup.clock.now();
        for (auto const& target : chosen(store, names)) {
            queued.emplace_back(target.name, store.outbox().queue_message_to(target.key, test_message(now), now));
            setup.only.push_back(target.name);
        }
    });
    if (queued.empty()) return {};
    Deliverer deliverer{setup, [](DeliveryTry const&) {}};
    static_cast<void>(deliverer.run(patience, Drain::in_time));
    std::vector<TargetTest> tests;
    setup.writer.write([&](store::Store& store) {
        for (auto const& [target, id] : queued) {
            tests.push_back(outcome_of(store, target, id));
            store::DeliveryFilter filter;
            filter.ids = {id};
            store.outbox().drop(filter, setup.clock.now());
        }
    });
    return tests;
}

}  // namespace bioctl::app
