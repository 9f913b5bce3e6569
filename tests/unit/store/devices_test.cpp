#include <catch2/catch.hpp>

#include "tests/unit/store/device_support.hpp"

using namespace bioctl;
using namespace bioctl::test;

TEST_CASE_METHOD(DeviceFixture, "a name is taken once, and an unknown one is nobody", "[store]") {
    CHECK(kind_of([&] { store.write([&] { devices.add(device_config("gate"), at(2)); }); }) == Kind::data);
    CHECK_FALSE(devices.get("door"));
    store.write([&] { CHECK_FALSE(devices.remove("door", at(2))); });
}

TEST_CASE_METHOD(DeviceFixture, "a device comes back as it was set", "[store]") {
    auto config = device_config("door");
    config.tags = {"a", "b c"};
    config.tls = "pin";
    config.pin = "sha256//x";
    config.window = "utc";
    config.reuse_nonce = true;
    config.enabled = false;
    store.write([&] {
        auto const key = devices.add(config, at(2));
        devices.set_identity(key, {"SN1", "aa:bb", "K1T", "V3"}, at(3));
        devices.set_clock(key, -500, 420);
        devices.set_cursor(key, {3, 77, at(9), 0, 0, false, 10});
        devices.set_synced(key, at(11), 4);
    });
    auto const device = *devices.get("door");
    CHECK(device.config.tags == std::vector<std::string>{"a", "b c"});
    CHECK(device.config.pin == "sha256//x");
    CHECK(device.config.reuse_nonce);
    CHECK_FALSE(device.config.enabled);
    CHECK(device.identity.serial_number == "SN1");
    CHECK(device.drift_ms == -500);
    CHECK(device.utc_offset_minutes == 420);
    CHECK(device.cursor.epoch == 3);
    CHECK(device.cursor.time == at(9));
    CHECK_FALSE(device.cursor.has_serial_range);
    CHECK(device.backlog == 4);
    CHECK(devices.with_serial_number("SN1")->key == device.key);
    CHECK_FALSE(devices.with_serial_number(""));
}

TEST_CASE_METHOD(DeviceFixture, "only a change of state is a transition", "[store]") {
    store.write([&] {
        devices.set_health(gate, {"ok", at(1), 0, {}, ""}, at(1));
        devices.set_health(gate, {"ok", at(1), 0, {}, ""}, at(2));
        devices.set_health(gate, {"warning", at(3), 2, {}, "no answer"}, at(3));
    });
    auto const transitions = devices.transitions(gate, 10);
    REQUIRE(transitions.size() == 2);
    CHECK(transitions[0].from == "ok");
    CHECK(transitions[0].to == "warning");
    CHECK(transitions[0].reason == "no answer");
    CHECK(devices.get(gate)->health.failures == 2);
}

TEST_CASE_METHOD(DeviceFixture, "a removed device keeps its events and loses its password", "[store]") {
    add(event_row(1, 10));
    store.write([&] { CHECK(devices.remove("gate", at(9))); });
    CHECK(devices.list().empty());
    CHECK(events.count({}) == 1);
    CHECK(sql(dir / "bioctl.db", "SELECT length(password) FROM device") == std::vector<std::string>{"0"});
    store.write([&] { CHECK_NOTHROW(devices.add(device_config("gate"), at(10))); });
}

TEST_CASE_METHOD(DeviceFixture, "a terminal that is added again goes on where it was, with its events", "[store]") {
    store.write([&] {
        devices.set_identity(gate, {"SN1", "", "", ""}, at(2));
        devices.set_cursor(gate, {2, 50, at(9)});
    });
    epoch = 2;
    add(event_row(50, 9));
    std::int64_t other = 0;
    store.write([&] {
        devices.remove("gate", at(10));
        other = devices.add(device_config("new"), at(11));
        devices.set_identity(other, {"SN1", "", "", ""}, at(12));
    });
    CHECK(devices.get(other)->cursor.serial == 50);
    CHECK(events.get(1)->device == "new");
    gate = other;
    epoch = devices.get(other)->cursor.epoch;
    CHECK(add(event_row(50, 9)).stored == store::Stored::known);
}

TEST_CASE_METHOD(DeviceFixture, "what was learnt of a device before it was changed is not kept", "[store]") {
    auto const before = *devices.get(gate);
    CHECK(devices.is_current(gate, before.generation));
    store.write([&] { devices.set_config(gate, before.config, at(2)); });
    CHECK_FALSE(devices.is_current(gate, before.generation));
    store.write([&] { CHECK_FALSE(devices.set_health(gate, {.state = "refused"}, at(3), before.generation)); });
    CHECK(devices.get(gate)->health.state == "unknown");
    store.write([&] { CHECK(devices.set_health(gate, {.state = "refused"}, at(3), before.generation + 1) == "unknown"); });
    store.write([&] { devices.remove("gate", at(4)); });
    CHECK_FALSE(devices.is_current(gate, before.generation + 1));
}

TEST_CASE_METHOD(DeviceFixture, "a source without an address is listed apart from the terminals", "[store]") {
    auto config = device_config("lobby");
    config.base_url.clear();
    config.enabled = false;
    store.write([&] { devices.add(config, at(2)); });
    REQUIRE(devices.list().size() == 1);
    CHECK_FALSE(devices.list().front().is_source());
    REQUIRE(devices.sources().size() == 1);
    CHECK(devices.sources().front().config.name == "lobby");
    CHECK(devices.get("lobby")->is_source());
    CHECK(devices.names_ever() == std::vector<std::string>{"gate", "lobby"});
}

TEST_CASE_METHOD(DeviceFixture, "targets foretell what they do with an event, and take sightings of sources only", "[store]") {
    auto config = device_config("lobby");
    config.base_url.clear();
    std::int64_t lobby = 0;
    store.write([&] {
        lobby = devices.add(config, at(2));
        outbox.add_target({.name = "cameras", .url = "http://192.0.2.1", .kinds = {"sighting"}, .cooldown_s = 10}, at(2));
        outbox.add_target({.name = "off", .url = "http://192.0.2.1", .enabled = false}, at(2));
    });
    store::Event draft;
    draft.device = "lobby";
    draft.is_of_source = true;
    draft.row = event_row(2, 104);
    REQUIRE(outbox.prospects(draft).size() == 1);
    CHECK_FALSE(outbox.prospects(draft).front().cools_for);
    store.write([&] {
        auto const id = events.add(lobby, event_row(1, 100), epoch, 0, {}, at(5)).id;
        CHECK(events.get(id)->is_of_source);
        CHECK(outbox.queue_event(id, at(5)) == 1);
        // The same face at a terminal is none of its business.
        CHECK(outbox.queue_event(events.add(gate, event_row(1, 100, "8"), epoch, 0, {}, at(5)).id, at(5)) == 0);
    });
    CHECK(outbox.prospects(draft).front().cools_for == std::chrono::seconds{6});
    draft.row.employee_no = "9";
    CHECK_FALSE(outbox.prospects(draft).front().cools_for);
    draft.row.is_recognized = false;
    CHECK(outbox.prospects(draft).empty());
}

TEST_CASE_METHOD(DeviceFixture, "a delivery is due now or not", "[store]") {
    store.write([&] {
        outbox.add_target({.name = "api", .url = "http://192.0.2.1"}, at(2));
        for (int i = 1; i <= 2; ++i)
            outbox.queue_event(events.add(gate, event_row(i, 100 * i), epoch, 0, {}, at(5)).id, at(5));
    });
    REQUIRE(outbox.due_now(1, at(5)));
    CHECK_FALSE(outbox.due_now(2, at(5)));  // of the same person, and later
    store.write([&] { outbox.record(1, {.state = "pending", .not_before = at(9)}, at(6)); });
    CHECK_FALSE(outbox.due_now(1, at(8)));
    CHECK(outbox.due_now(1, at(9)));
    store.write([&] { outbox.record(1, {.state = "sent"}, at(9)); });
    CHECK_FALSE(outbox.due_now(1, at(9)));
    CHECK(outbox.due_now(2, at(9)));
}
