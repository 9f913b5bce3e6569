#include <catch2/catch.hpp>

#include "lib/store/notifications.hpp"
#include "lib/store/outbox.hpp"
#include "tests/unit/store/support.hpp"

using namespace bioctl;
using namespace bioctl::test;

namespace {

struct NotificationFixture {
    TempDir dir;
    store::Store store = writer(dir / "bioctl.db");
    store::Notifications notifications = store.notifications();
    store::Outbox outbox = store.outbox();

    std::int64_t add(std::int64_t ms, std::string const& message, std::string const& type = "info") {
        store::Notification one;
        one.at = at(ms);
        one.message = message;
        one.type = type;
        std::int64_t id = 0;
        store.write([&] { id = notifications.add(one); });
        return id;
    }
    std::string shown(store::NotificationFilter const& filter = {}) {
        std::string text;
        for (auto const& one : notifications.list(filter))
            text += one.message;
        return text;
    }
    std::int64_t clear(std::int64_t ms) {
        std::int64_t cleared = 0;
        store.write([&] { cleared = notifications.clear(at(ms)); });
        return cleared;
    }
    std::optional<std::int64_t> restore() {
        std::optional<std::int64_t> restored;
        store.write([&] { restored = notifications.restore(); });
        return restored;
    }
    std::int64_t add_target(std::string const& name, bool enabled = true) {
        store::Target target;
        target.name = name;
        target.url = "https://example.org/" + name;
        target.kinds = {"notification"};
        target.enabled = enabled;
        std::int64_t key = 0;
        store.write([&] { key = outbox.add_target(target, at(1)); });
        return key;
    }
};

}  // namespace

TEST_CASE_METHOD(NotificationFixture, "notifications are listed newest first, by filter and by page", "[store]") {
    add(10, "a");
    add(30, "c", "error");
    auto const second = add(20, "b");
    auto const same_time = add(20, "B", "error");
    CHECK(shown() == "cBba");
    CHECK(shown({.type = "error"}) == "cB");
    CHECK(shown({.since = at(20)}) == "cBb");
    CHECK(shown({.limit = 2}) == "cB");
    CHECK(shown({.older_than = std::pair{at(20), same_time}}) == "ba");
    CHECK(shown({.older_than = std::pair{at(20), second}, .limit = 9}) == "a");
}

TEST_CASE_METHOD(NotificationFixture, "what is read is no longer unread", "[store]") {
    auto const first = add(1, "a");
    add(2, "b");
    CHECK(notifications.unread() == 2);
    store.write([&] { CHECK(notifications.mark_read(first)); });
    store.write([&] { CHECK_FALSE(notifications.mark_read(99)); });
    CHECK(notifications.unread() == 1);
    CHECK(shown({.unread_only = true}) == "b");
    store.write([&] { CHECK(notifications.mark_all_read() == 1); });
    CHECK(notifications.unread() == 0);
}

TEST_CASE_METHOD(NotificationFixture, "restore brings back exactly what the newest clear took, once, beside what came since",
                 "[store]") {
    auto const read = add(1, "a");
    add(2, "b");
    store.write([&] { notifications.mark_read(read); });
    CHECK(clear(5) == 2);
    CHECK(shown().empty());
    CHECK(notifications.unread() == 0);
    store.write([&] { CHECK_FALSE(notifications.mark_read(read)); });
    add(3, "c");
    CHECK(restore() == 2);
    CHECK(shown() == "cba");
    CHECK(notifications.unread() == 2);
    CHECK_FALSE(restore());
    CHECK(shown() == "cba");
}

TEST_CASE_METHOD(NotificationFixture, "each clear is undone by itself, newest first; an empty list is no clear", "[store]") {
    CHECK(clear(1) == 0);
    CHECK_FALSE(restore());
    add(1, "a");
    CHECK(clear(5) == 1);
    CHECK(clear(6) == 0);
    add(2, "b");
    CHECK(clear(7) == 1);
    CHECK(restore() == 1);
    CHECK(shown() == "b");
    CHECK(restore() == 1);
    CHECK(shown() == "ba");
}

TEST_CASE_METHOD(NotificationFixture, "only the newest clears are kept, and ids are never used twice", "[store]") {
    std::int64_t last = 0;
    for (int i = 0; i < store::Notifications::k_kept_clears + 3; ++i) {
        auto const id = add(i, std::string(1, static_cast<char>('a' + i)));
        CHECK(id > last);
        last = id;
        CHECK(clear(100 + i) == 1);
    }
    int restored = 0;
    while (restore())
        ++restored;
    CHECK(restored == store::Notifications::k_kept_clears);
    CHECK(shown() == "mlkjihgfed");
}

TEST_CASE_METHOD(NotificationFixture, "an import keeps ids that are free", "[store]") {
    store::Notification one{
        .id = 7, .at = at(1), .type = "warning", .message = "m", .ont = 3, .ont_name = "Site", .is_read = true};
    store.write([&] { CHECK(notifications.add_with_id(one)); });
    store.write([&] { CHECK_FALSE(notifications.add_with_id(one)); });
    auto const kept = notifications.get(7);
    REQUIRE(kept);
    CHECK(kept->ont == 3);
    CHECK(kept->ont_name == "Site");
    CHECK(kept->is_read);
    CHECK(add(2, "n") == 8);
}

TEST_CASE_METHOD(NotificationFixture, "a message for one target goes to that one only", "[store]") {
    auto const mail = add_target("mail"), chat = add_target("chat"), off = add_target("off", false);
    store::Message const message{.kind = "notification", .identity = "1", .body = "{}"};
    store.write([&] {
        auto const queued = outbox.queue_message_to(chat, message, at(5));
        REQUIRE(queued);
        CHECK(outbox.delivery(*queued)->target == "chat");
        CHECK_FALSE(outbox.queue_message_to(off, message, at(5)));
        CHECK_FALSE(outbox.queue_message_to(99, message, at(5)));
    });
    CHECK(outbox.due(chat, at(9), 10).size() == 1);
    CHECK(outbox.due(mail, at(9), 10).empty());
    store.write([&] { CHECK(outbox.queue_message(message, at(6)) == 2); });
}

TEST_CASE_METHOD(NotificationFixture, "the outbox knows when the last messages to a target went out", "[store]") {
    auto const chat = add_target("chat");
    for (int i = 1; i <= 4; ++i) {
        store.write([&] {
            auto const id = outbox.queue_message_to(chat, {.kind = "notification", .body = "{}"}, at(i)).value();
            if (i != 2) outbox.record(id, {.state = "sent"}, at(10 * i));
        });
    }
    CHECK(outbox.sent_messages(chat, 10) == std::vector{at(40), at(30), at(10)});
    CHECK(outbox.sent_messages(chat, 2) == std::vector{at(40), at(30)});
    CHECK(outbox.sent_messages(99, 10).empty());
}

TEST_CASE_METHOD(NotificationFixture, "quiet hours and the patience of a target are kept", "[store]") {
    add_target("mail");
    auto target = outbox.target("mail").value();
    CHECK(target.quiet.empty());
    CHECK(target.after_s == 30);
    target.quiet = "22:00-06:00";
    target.after_s = 600;
    store.write([&] { outbox.set_target(target, at(9)); });
    CHECK(outbox.target("mail")->quiet == "22:00-06:00");
    CHECK(outbox.target("mail")->after_s == 600);
}
