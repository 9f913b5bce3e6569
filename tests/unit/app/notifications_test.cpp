#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "lib/app/notifications.hpp"
#include "lib/app/targets.hpp"
#include "lib/notify/notification.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bioctl;
using Catch::Contains;

namespace {

struct FixedClock final : Clock {
    Timestamp time = from_ms(1'790'000'000'042);
    [[nodiscard]] Timestamp now() const override { return time; }
};

struct NotificationsFixture {
    test::TempDir dir;
    FixedClock clock;
    app::Zone zone{"Asia/Jakarta"};
    store::Store store = store::Store::open(dir / "bioctl.db", {});
    SealKey key = SealKey::load_or_create(dir / "secret.key");

    Error refused(app::TargetChange change) {
        change.name = std::string{"x"};
        try {
            app::add_target(store, clock, key, change);
        } catch (Error const& error) {
            return error;
        }
        throw std::logic_error{"the target was taken"};
    }
};

}  // namespace

TEST_CASE_METHOD(NotificationsFixture, "the backup is named by the local time and holds what was cleared", "[app]") {
    app::add_notification(store, clock, "one", "error", app::Send::no);
    auto const cleared = app::clear_notifications(store, clock, zone, dir / "backups");
    CHECK(cleared.notifications == 1);
    CHECK(cleared.backup.filename() == "notifications-20260921-211320-042.json");
    auto const rows = app::from_old_json(test::read_text(cleared.backup), zone);
    REQUIRE(rows.size() == 1);
    REQUIRE(rows[0]);
    CHECK(rows[0]->message == "one");
    CHECK(rows[0]->at == clock.time);
    CHECK(app::clear_notifications(store, clock, zone, dir / "backups").backup.empty());
}

TEST_CASE_METHOD(NotificationsFixture, "a notification that is sent carries its type and its own cause", "[app]") {
    app::TargetChange const wanted{
        .name = std::string{"page"}, .url = std::string{"exec:/bin/true"}, .format = std::string{"exec"}};
    auto const target = app::add_target(store, clock, key, wanted);
    CHECK(target.kinds == std::vector<std::string>{"notification"});
    auto const added = app::add_notification(store, clock, "two", "warning", app::Send::yes);
    CHECK(added.queued == 1);
    auto const due = store.outbox().due(target.key, clock.time, 9);
    REQUIRE(due.size() == 1);
    auto const read = notify::notification_from_json(due[0].body);
    REQUIRE(read);
    CHECK(read->type == "warning");
    CHECK(read->cause == "notification:1");
    CHECK(read->title == "two");
}

TEST_CASE_METHOD(NotificationsFixture, "a test goes ahead of what waits for its target, and is not left behind", "[app]") {
    app::TargetChange const wanted{.name = std::string{"hook"},
                                   .url = std::string{"https://example.org/"},
                                   .kinds = std::vector<std::string>{"notification"}};
    auto const target = app::add_target(store, clock, key, wanted);
    app::add_notification(store, clock, "waits", "info", app::Send::yes);
    auto const tests = app::queue_tests(store, clock, std::nullopt);
    REQUIRE(tests.size() == 1);
    CHECK(store.outbox().due(target.key, clock.time, 9).at(0).id == tests[0].delivery);
    CHECK(app::tests_now(store, tests).at(0).state == "pending");
    app::drop_tests(store, clock, tests);
    CHECK(app::tests_now(store, tests).at(0).state == "dropped");
    CHECK(store.outbox().due(target.key, clock.time, 9).size() == 1);
}

TEST_CASE_METHOD(NotificationsFixture, "old times are read with and without a fraction, in the zone or with their own", "[app]") {
    auto const at = [&](std::string const& text) {
        auto const rows = app::from_old_json(fmt::format(R"([{{"id":1,"message":"m","timestamp":"{}"}}])", text), zone);
        return rows.at(0) ? to_rfc3339(rows[0]->at) : rows[0].error().message();
    };
    CHECK(at("2025-11-27T10:11:12") == "2025-11-27T03:11:12Z");
    CHECK(at("2025-11-27T10:11:12.345678") == "2025-11-27T03:11:12.345Z");
    CHECK(at("2025-11-27T10:11:12.5") == "2025-11-27T03:11:12.500Z");
    CHECK(at("2025-11-27T10:11:12.345Z") == "2025-11-27T10:11:12.345Z");
    CHECK(at("2025-11-27T10:11:12+09:00") == "2025-11-27T01:11:12Z");
    for (auto const* text :
         {"", "now", "2h", "2025-11-27", "2025-13-27T10:11:12", "2025-11-27T10:11:12.x", "2025-11-27T10:11:12.-12"})
        CHECK_THAT(at(text), Contains("is no time"));
}

TEST_CASE_METHOD(NotificationsFixture, "formats and kinds that make no sense together are refused by name", "[app]") {
    using Words = std::vector<std::string>;
    auto const telegram = [](Words const& kinds, std::optional<int> after_s = std::nullopt) {
        return app::TargetChange{.url = std::string{"https://api.telegram.org?chat_id=1"},
                                 .format = std::string{"telegram"},
                                 .bearer = std::string{"1:AAE"},
                                 .kinds = kinds,
                                 .after_s = after_s};
    };
    auto const webhook = [](std::string const& format, Words const& kinds) {
        return app::TargetChange{
            .url = std::string{"https://example.org/"}, .format = format, .body_template = std::string{"{}"}, .kinds = kinds};
    };
    CHECK_THAT(refused(telegram({"notification", "recognized"})).message(), Contains("telegram") && Contains("for people"));
    CHECK_THAT(refused(telegram({"device"}, 60)).message(), Contains("--after"));
    CHECK_THAT(refused(webhook("presence", {"notification"})).message(), Contains("no room for notifications"));
    CHECK_THAT(refused(webhook("attendance", {"notification"})).message(), Contains("no room for notifications"));
    CHECK_THAT(refused(webhook("template", {"notification", "other"})).message(), Contains("template"));
    CHECK_THAT(refused(webhook("template", {"device"})).message(), Contains("device"));
}

TEST_CASE_METHOD(NotificationsFixture, "the backup of a clear brings it back when it is imported, once", "[app]") {
    app::add_notification(store, clock, "one", "error", app::Send::no);
    app::add_notification(store, clock, "two", "info", app::Send::no);
    auto const cleared = app::clear_notifications(store, clock, zone, dir / "backups");
    auto const rows = app::from_old_json(test::read_text(cleared.backup), zone);
    REQUIRE(rows.size() == 2);
    store.write([&] {
        CHECK(app::take_notification(store, *rows[0]) == app::Taken::added);
        CHECK(app::take_notification(store, *rows[0]) == app::Taken::unchanged);
    });
    CHECK(store.notifications().list({}).size() == 1);
    store.write([&] { CHECK(store.notifications().restore() == 1); });
    CHECK(store.notifications().list({}).size() == 2);
}
