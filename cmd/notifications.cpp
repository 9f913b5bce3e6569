#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/notification_verbs.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/notifications.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

void begin(Context& cx) {
    cx.out.columns({"id", "at", "severity", "is_read", "ont_name", "message"});
}

void show(Context& cx, std::string_view type, store::Notification const& one) {
    cx.out.record(type, {{"id", one.id},
                         {"at", to_rfc3339(one.at)},
                         {"severity", one.type},
                         {"is_read", one.is_read},
                         {"ont", one.ont},
                         {"ont_name", one.ont_name},
                         {"message", one.message}});
}

struct ListOptions {
    bool unread = false;
    std::optional<std::string> type, since;
    std::int64_t limit = 0;
};

void add_list(CLI::App& verb, ListOptions& o) {
    verb.add_flag("--unread", o.unread, "Only those that nobody has read");
    verb.add_option("--type", o.type, "Only of this type")
        ->type_name("success|info|warning|error")
        ->check(CLI::IsMember({"success", "info", "warning", "error"}));
    verb.add_option("--since", o.since, "From this time on: 2026-11-21, '2026-11-21 07:15', 2h, today")->type_name("TIME");
    verb.add_option("--limit", o.limit, "At most so many, the newest; 0 is all")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{0}, k_most_records));
}

int run_list(ListOptions const& o, Context& cx) {
    begin(cx);
    store::NotificationFilter filter{.unread_only = o.unread, .type = o.type, .limit = o.limit};
    if (o.since) filter.since = app::Zone{cx.settings.timezone()}.parse(*o.since, cx.clock.now()).or_throw();
    if (!cx.has_store()) {
        cx.talk.note("there are no notifications yet");
        return k_exit_yes;
    }
    auto store = cx.open_store(store::Access::read_only);
    std::int64_t unread = 0;
    store.read([&] {
        unread = store.notifications().unread();
        store.notifications().each(filter, [&](store::Notification const& one) {
            show(cx, "notification", one);
            return stop_signal.load() == 0;
        });
    });
    if (cx.out.records() == 0) cx.talk.note("no notification fits");
    cx.out.json_only("unread", {{"notifications", unread}});
    return k_exit_yes;
}

struct AddOptions {
    std::string message, type = "info";
    bool send = false;
};

void add_add(CLI::App& verb, AddOptions& o) {
    verb.add_option("message", o.message, "What to tell")->required()->type_name("MESSAGE");
    verb.add_option("--type", o.type, "What kind of news it is")
        ->type_name("success|info|warning|error")
        ->check(CLI::IsMember({"success", "info", "warning", "error"}))
        ->capture_default_str();
    verb.add_flag("--send", o.send, "Also send it to every target that takes notifications");
}

int run_add(AddOptions const& o, Context& cx) {
    auto store = cx.open_store(store::Access::read_write);
    auto const added = app::add_notification(store, cx.clock, o.message, o.type, o.send ? app::Send::yes : app::Send::no);
    begin(cx);
    show(cx, "added", added.notification);
    if (!o.send) return k_exit_yes;
    if (added.queued == 0) {
        cx.talk.warn(
            "no target takes notifications, so nobody is told; `bioctl targets add NAME URL --kind notification` adds one");
    } else {
        cx.talk.note(fmt::format("{} will be told by the next `bioctl outbox flush` or sync",
                                 counted(static_cast<std::uint64_t>(added.queued), "target", "targets")));
    }
    return k_exit_yes;
}

struct ReadOptions {
    std::vector<std::int64_t> ids;
    bool all = false;
};

void add_read(CLI::App& verb, ReadOptions& o) {
    verb.add_option("id", o.ids, "Notifications, as `notifications list` numbers them")->type_name("ID");
    verb.add_flag("--all", o.all, "All of them");
}

int run_read(ReadOptions const& o, Context& cx) {
    if (o.ids.empty() != o.all) throw Error{Kind::usage, "notifications read: name notifications by their id, or say --all"};
    cx.out.columns({"notifications"});
    std::int64_t marked = 0;
    std::vector<std::int64_t> unknown = o.ids;
    if (cx.has_store()) {
        auto store = cx.open_store(store::Access::read_write);
        store.write([&] {
            if (o.all) marked = store.notifications().mark_all_read();
            std::erase_if(unknown, [&](std::int64_t id) { return store.notifications().mark_read(id); });
        });
    }
    for (auto const id : unknown)
        cx.talk.warn(fmt::format("there is no notification {}; `bioctl notifications list` shows all", id));
    if (!o.ids.empty() && unknown.size() == o.ids.size()) throw Error{Kind::no_input, "no notification was marked as read"};
    cx.out.record("read", {{"notifications", o.all ? marked : static_cast<std::int64_t>(o.ids.size() - unknown.size())}});
    return unknown.empty() ? k_exit_yes : k_exit_partial;
}

}  // namespace

Verb notifications_list_verb() {
    return verb("list", "List notifications, newest first", Group::network, add_list, run_list);
}

Verb notifications_add_verb() {
    return verb("add", "Add a notification", Group::network, add_add, run_add);
}

Verb notifications_read_verb() {
    return verb("read", "Mark notifications as read", Group::network, add_read, run_read);
}

Verb notifications_verb() {
    return noun(
        "notifications", "Look at notifications, and test who is told", Group::network,
        {notifications_list_verb(), notifications_add_verb(), notifications_read_verb(), notifications_clear_verb(),
         notifications_restore_verb(), notifications_test_verb(), notifications_import_verb(), notifications_export_verb()});
}

}  // namespace bioctl::cmd
