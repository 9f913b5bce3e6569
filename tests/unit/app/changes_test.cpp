#include "lib/app/changes.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "lib/store/onts.hpp"
#include "lib/store/pings.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/store/support.hpp"

namespace bioctl::test {

namespace {

/// Somebody who stores, and somebody who looks.
struct Watched {
    TempDir dir;
    store::Store store = store::Store::open(dir / "s.db", {});

    app::ChangeFeed feed() { return app::ChangeFeed{reader(dir / "s.db")}; }

    std::int64_t add_device(std::string const& name) {
        std::int64_t key = 0;
        store.write([&] { key = store.devices().add({.name = name, .base_url = "http://192.0.2.1"}, at(1)); });
        return key;
    }
    void add_events(std::int64_t device, std::int64_t first, int number) {
        store.write([&] {
            int epoch = 1;
            for (int i = 0; i < number; ++i)
                store.events().add(device, {.serial = first + i, .time = at(1000 + first + i), .raw = "{}"}, epoch, 0, {}, at(2));
        });
    }
    std::int64_t add_ont(std::string const& name) {
        std::int64_t id = 0;
        store.write([&] { id = store.onts().add({.name = name}, at(1)); });
        return id;
    }
    void round(std::int64_t ont, std::string const& state, bool is_flapping = false) {
        store.write([&] {
            store.pings().set_states({{.ont = ont, .state = state, .is_flapping = is_flapping, .asked_at = at(5)}});
            store.pings().add_round({.started_at = at(5), .onts = {ont}}, std::chrono::minutes{1});
        });
    }
    std::int64_t begin(std::int64_t ont) {
        std::int64_t id = 0;
        store.write([&] { id = store.outages().open({.ont = ont, .ont_name = "a", .started_at = at(10)}); });
        return id;
    }
    void end(std::int64_t outage) {
        store.write([&] { store.outages().close(outage, at(20), 0); });
    }
    void notify(std::string const& message) {
        store.write([&] { store.notifications().add({.at = at(1), .message = message}); });
    }
};

bool is_nothing(app::Changes const& changes) {
    return changes.events.rows.empty() && changes.devices.rows.empty() && changes.onts.rows.empty() &&
           changes.begun.rows.empty() && changes.ended.rows.empty() && changes.notifications.rows.empty() && !changes.unread;
}

}  // namespace

TEST_CASE_METHOD(Watched, "what was there before is no change, nor is nothing", "[changes]") {
    add_events(add_device("gate"), 1, 3);
    auto const ont = add_ont("a");
    round(ont, "down");
    begin(ont);
    notify("x");
    auto eyes = feed();
    CHECK(is_nothing(eyes.look()));
    store.write([&] { store.devices().set_synced(1, at(9), 0); });  // something, but nothing that is told
    CHECK(is_nothing(eyes.look()));
}

TEST_CASE_METHOD(Watched, "events are told once, in order", "[changes]") {
    auto const gate = add_device("gate");
    auto eyes = feed();
    add_events(gate, 1, 2);
    auto const changes = eyes.look();
    REQUIRE(changes.events.rows.size() == 2);
    CHECK(changes.events.rows[0].row.serial == 1);
    CHECK(changes.events.rows[1].row.serial == 2);
    CHECK(changes.events.rows[1].device == "gate");
    CHECK(changes.events.skipped == 0);
    CHECK(is_nothing(eyes.look()));
}

TEST_CASE_METHOD(Watched, "of a flood the newest are told, and how many there were before", "[changes]") {
    auto const gate = add_device("gate");
    auto eyes = feed();
    add_events(gate, 1, 1000);
    auto const changes = eyes.look();
    REQUIRE(changes.events.rows.size() == app::ChangeFeed::k_most);
    CHECK(changes.events.skipped == 1000 - app::ChangeFeed::k_most);
    CHECK(changes.events.rows.front().row.serial == 1001 - app::ChangeFeed::k_most);
    CHECK(changes.events.rows.back().row.serial == 1000);
    add_events(gate, 1001, app::ChangeFeed::k_most);
    CHECK(eyes.look().events.skipped == 0);
}

TEST_CASE_METHOD(Watched, "of rows that are gone again nobody is told as if they were skipped", "[changes]") {
    auto const gate = add_device("gate");
    auto eyes = feed();
    add_events(gate, 1, 200);
    sql(dir / "s.db", "DELETE FROM event WHERE serial <= 100");
    for (int i = 0; i < 100; ++i)
        notify("x");
    store.write([&] { store.notifications().clear(at(3)); });
    for (int i = 0; i < 70; ++i)
        notify("y");
    auto const changes = eyes.look();
    CHECK(changes.events.rows.size() == app::ChangeFeed::k_most);
    CHECK(changes.events.skipped == 100 - app::ChangeFeed::k_most);
    CHECK(changes.notifications.rows.size() == app::ChangeFeed::k_most);
    CHECK(changes.notifications.skipped == 70 - app::ChangeFeed::k_most);
}

TEST_CASE_METHOD(Watched, "a transition is told although those before it are gone", "[changes]") {
    auto const gate = add_device("gate");
    for (int i = 0; i < 10; ++i)
        store.write([&] { store.devices().set_health(gate, {.state = i % 2 == 0 ? "offline" : "online"}, at(i)); });
    auto eyes = feed();
    sql(dir / "s.db", "DELETE FROM device_transition");
    store.write([&] { store.devices().set_health(gate, {.state = "locked"}, at(20)); });
    auto const changes = eyes.look();
    REQUIRE(changes.devices.rows.size() == 1);
    CHECK(changes.devices.rows[0].to == "locked");
}

TEST_CASE_METHOD(Watched, "one look has no more than it says", "[changes]") {
    auto const gate = add_device("gate");
    std::vector<std::int64_t> onts;
    for (int i = 0; i < 200; ++i)
        onts.push_back(add_ont(fmt::format("ont {}", i)));
    auto eyes = feed();
    add_events(gate, 1, 200);
    for (int i = 0; i < 200; ++i) {
        store.write([&] { store.devices().set_health(gate, {.state = i % 2 == 0 ? "offline" : "online"}, at(i)); });
        round(onts[static_cast<std::size_t>(i)], "down");
        end(begin(onts[static_cast<std::size_t>(i)]));
        notify("x");
    }
    auto const changes = eyes.look();
    auto const told = [](auto const& newest) { return std::ssize(newest.rows) + (newest.skipped > 0 ? 1 : 0); };
    CHECK(told(changes.events) + told(changes.devices) + told(changes.onts) + told(changes.begun) + told(changes.ended) +
              told(changes.notifications) + 1 <=
          app::ChangeFeed::k_most_of_look);
    CHECK(changes.events.skipped == 200 - app::ChangeFeed::k_most);
    CHECK(changes.begun.skipped == 200 - app::ChangeFeed::k_most);
}

TEST_CASE_METHOD(Watched, "a device that goes off is told with from and to", "[changes]") {
    auto const gate = add_device("gate");
    auto eyes = feed();
    store.write([&] { store.devices().set_health(gate, {.state = "offline", .reason = "no route"}, at(7)); });
    auto const changes = eyes.look();
    REQUIRE(changes.devices.rows.size() == 1);
    auto const& turn = changes.devices.rows.front();
    CHECK(turn.device == "gate");
    CHECK(turn.from == "unknown");
    CHECK(turn.to == "offline");
    CHECK(turn.reason == "no route");
    CHECK(turn.at == at(7));
    store.write([&] { store.devices().set_health(gate, {.state = "offline"}, at(8)); });
    CHECK(is_nothing(eyes.look()));
}

TEST_CASE_METHOD(Watched, "an ONT is told when its state turns, not with every round", "[changes]") {
    auto const ont = add_ont("a");
    auto eyes = feed();
    round(ont, "unknown");
    CHECK(is_nothing(eyes.look()));
    round(ont, "up");
    auto changes = eyes.look();
    REQUIRE(changes.onts.rows.size() == 1);
    CHECK(changes.onts.rows[0].before == "unknown");
    CHECK(changes.onts.rows[0].state == "up");
    CHECK(changes.onts.rows[0].at == at(5));
    round(ont, "up");
    CHECK(is_nothing(eyes.look()));
    round(ont, "up", true);
    changes = eyes.look();
    REQUIRE(changes.onts.rows.size() == 1);
    CHECK(changes.onts.rows[0].is_flapping);
    // One that was added meanwhile counts as unknown before.
    auto const other = add_ont("b");
    round(other, "down");
    changes = eyes.look();
    REQUIRE(changes.onts.rows.size() == 1);
    CHECK(changes.onts.rows[0].name == "b");
    CHECK(changes.onts.rows[0].before == "unknown");
}

TEST_CASE_METHOD(Watched, "outages begin and end, also between two looks", "[changes]") {
    auto const a = add_ont("a"), b = add_ont("b");
    auto const old = begin(a);
    auto eyes = feed();
    auto const quick = begin(b);
    end(quick);
    end(old);
    auto changes = eyes.look();
    REQUIRE(changes.begun.rows.size() == 1);
    CHECK(changes.begun.rows[0].id == quick);
    REQUIRE(changes.ended.rows.size() == 2);
    CHECK(changes.ended.rows[0].id == old);
    CHECK(changes.ended.rows[0].ended_at == at(20));
    CHECK(changes.ended.rows[1].id == quick);
    CHECK(is_nothing(eyes.look()));
    auto const third = begin(a);
    CHECK(eyes.look().begun.rows.size() == 1);
    end(third);
    store.write([&] { store.outages().clear(std::nullopt); });
    CHECK(is_nothing(eyes.look()));  // it is forgotten: nobody has to be told
}

TEST_CASE_METHOD(Watched, "notifications, and how many are unread", "[changes]") {
    auto eyes = feed();
    notify("x");
    auto changes = eyes.look();
    REQUIRE(changes.notifications.rows.size() == 1);
    CHECK(changes.notifications.rows[0].message == "x");
    CHECK(changes.unread == 1);
    store.write([&] { store.notifications().mark_all_read(); });
    changes = eyes.look();
    CHECK(changes.notifications.rows.empty());
    CHECK(changes.unread == 0);
    notify("y");
    store.write([&] { store.notifications().clear(at(3)); });
    CHECK(is_nothing(eyes.look()));
}

}  // namespace bioctl::test
