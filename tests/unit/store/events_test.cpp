#include <catch2/catch.hpp>

#include "tests/unit/store/device_support.hpp"

using namespace bioctl;
using namespace bioctl::test;
using store::Stored;

TEST_CASE_METHOD(DeviceFixture, "the same row is stored once, however often it is read", "[store]") {
    auto const first = add(event_row(1, 10));
    CHECK(first.stored == Stored::added);
    auto const again = add(event_row(1, 10));
    CHECK(again.stored == Stored::known);
    CHECK(again.id == first.id);
    CHECK(epoch == 1);
}

TEST_CASE_METHOD(DeviceFixture, "a batch that fails in the middle leaves nothing", "[store]") {
    CHECK_THROWS(store.write([&] {
        events.add(gate, event_row(1, 10), epoch, 0, {}, at(5));
        throw std::runtime_error("killed");
    }));
    CHECK(events.count({}) == 0);
}

TEST_CASE_METHOD(DeviceFixture, "a row whose time moved by a zone or by summer time is the same event", "[store]") {
    add(event_row(1, 100'000));
    CHECK(add(event_row(1, 100'000 + 3600)).stored == Stored::known);
    CHECK(add(event_row(1, 100'000 - 7 * 3600)).stored == Stored::known);
    CHECK(add(event_row(1, 100'000 + 3601)).stored == Stored::new_epoch);
}

TEST_CASE_METHOD(DeviceFixture, "a serial of another event begins a new epoch, and old rows are still known", "[store]") {
    add(event_row(1, 10));
    add(event_row(2, 20));
    CHECK(add(event_row(1, 5000)).stored == Stored::new_epoch);
    CHECK(epoch == 2);
    CHECK(add(event_row(2, 20)).stored == Stored::known);
    CHECK(add(event_row(2, 5010)).stored == Stored::added);
    CHECK(events.count({}) == 4);
}

TEST_CASE_METHOD(DeviceFixture, "a serial far below the highest begins a new epoch only when its time is later", "[store]") {
    CHECK(add(event_row(10, 9000), 1011, at(8'000'000)).stored == Stored::new_epoch);
    CHECK(add(event_row(20, 7000), 1021, at(8'000'000)).stored == Stored::added);
    CHECK(add(event_row(30, 9000), 1030, at(8'000'000)).stored == Stored::added);
}

TEST_CASE_METHOD(DeviceFixture, "an event is matched to a person who is enrolled before or after it", "[store]") {
    add(event_row(1, 10, "7"));
    CHECK(events.get(1)->person_id.empty());
    store.write([&] { store.people().upsert("7", "Ana", at(6)); });
    CHECK(events.get(1)->person_id == "7");
    add(event_row(2, 20, "7"));
    store.write([&] { store.people().set_id("7", "0007", at(7)); });
    CHECK(events.get(2)->person_id == "0007");
    store.write([&] {
        store.people().upsert("8", "Other", at(8));
        store.people().merge("0007", "8", at(9));
    });
    CHECK(events.get(2)->person_id == "8");
    store.write([&] { store.people().remove("8"); });
    CHECK(events.get(2)->person_id.empty());
    CHECK(events.get(2)->row.employee_no == "7");
}

TEST_CASE_METHOD(DeviceFixture, "filters choose, and the order is that of time", "[store]") {
    auto other = event_row(3, 5, "9");
    other.is_recognized = false;
    add(event_row(1, 20));
    add(event_row(2, 10));
    add(other);
    std::vector<std::int64_t> serials;
    auto const visit = [&](store::EventFilter const& filter) {
        serials.clear();
        events.each(filter, [&](store::Event const& event) {
            serials.push_back(event.row.serial);
            return true;
        });
        return serials;
    };
    using Serials = std::vector<std::int64_t>;
    CHECK(visit({}) == Serials{3, 2, 1});
    CHECK(visit({.newest_first = true}) == Serials{1, 2, 3});
    CHECK(visit({.kind = "recognized"}) == Serials{2, 1});
    CHECK(visit({.person = "9"}) == Serials{3});
    CHECK(visit({.since = at(10'000), .until = at(20'000)}) == Serials{2});
    CHECK(visit({.limit = 1}) == Serials{3});
    CHECK(visit({.devices = {"gat"}}).empty());
    CHECK(visit({.devices = {"door", "gate"}}).size() == 3);
    CHECK(visit({.delivery = "none"}).size() == 3);
    CHECK(events.count({.picture_state = "pending"}) == 3);
    CHECK(events.stats({}).size() == 2);
}

TEST_CASE_METHOD(DeviceFixture, "a picture is due until it is stored, gone, or put off", "[store]") {
    auto const id = add(event_row(1, 10)).id;
    auto none = event_row(2, 10);
    none.picture_url.clear();
    CHECK(events.get(add(none).id)->picture_state == "none");
    REQUIRE(events.pictures_due(gate, at(100), 10).size() == 1);
    store.write([&] { events.set_picture_trouble(id, "pending", "cut off", at(200)); });
    CHECK(events.pictures_due(gate, at(199), 10).empty());
    REQUIRE(events.pictures_due(gate, at(200), 10).size() == 1);
    CHECK(events.pictures_due(gate, at(200), 10)[0].attempts == 1);
    store.write([&] { events.set_picture(id, "events/1.jpg", 123); });
    CHECK(events.pictures_due(gate, at(999), 10).empty());
    CHECK(events.picture_bytes() == 123);
    store.write([&] { events.forget_picture(id); });
    CHECK(events.get(id)->picture_state == "gone");
}

TEST_CASE_METHOD(DeviceFixture, "what a delivery waits for is not pruned", "[store]") {
    store.write([&] {
        store::Target target;
        target.name = "api";
        target.url = "https://example.org";
        outbox.add_target(target, at(1));
    });
    auto row = event_row(1, 10);
    row.picture_url.clear();
    auto const id = add(row).id;
    store.write([&] { CHECK(outbox.queue_event(id, at(2)) == 1); });
    store.write([&] { CHECK(events.prune(at(99'000), 9) == 0); });
    store.write([&] { outbox.drop({.targets = {"api"}}, at(3)); });
    // The next sync would read it again, and take it for new.
    store.write([&] { CHECK(events.prune(at(99'000), 9) == 0); });
    store.write([&] { devices.set_cursor(gate, {.serial = 1, .time = at(10'000) + std::chrono::hours{3}}); });
    CHECK(events.prunable(at(99'000)) == 1);
    CHECK(events.prunable(at(9'000)) == 0);
    store.write([&] { CHECK(events.prune(at(99'000), 9) == 1); });
    CHECK(sql(dir / "bioctl.db", "SELECT count(*) FROM delivery") == std::vector<std::string>{"0"});
}
