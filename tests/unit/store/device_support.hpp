#pragma once
// A store with devices, for the tests of what terminals bring.

#include "lib/store/devices.hpp"
#include "lib/store/events.hpp"
#include "lib/store/outbox.hpp"
#include "tests/unit/store/support.hpp"

namespace bioctl::test {

inline store::DeviceConfig device_config(std::string const& name) {
    store::DeviceConfig config;
    config.name = name;
    config.base_url = "http://192.0.2.10";
    config.user = "admin";
    config.password = Bytes{std::byte{1}};
    return config;
}

inline store::NewEvent event_row(std::int64_t serial, std::int64_t seconds, std::string employee_no = "7") {
    store::NewEvent row;
    row.serial = serial;
    row.time = at(seconds * 1000);
    row.local_time = "2026-09-01T07:00:00+07:00";
    row.major = 5;
    row.minor = 75;
    row.is_recognized = true;
    row.employee_no = std::move(employee_no);
    row.name = "Ana";
    row.picture_url = "/LOCALS/pic/" + std::to_string(serial) + ".jpeg";
    row.raw = "{}";
    return row;
}

struct DeviceFixture {
    TempDir dir;
    store::Store store = writer(dir / "bioctl.db");
    store::Devices devices = store.devices();
    store::Events events = store.events();
    store::Outbox outbox = store.outbox();
    std::int64_t gate = 0;
    int epoch = 1;

    DeviceFixture() {
        store.write([&] { gate = devices.add(device_config("gate"), at(1)); });
    }
    store::Added add(store::NewEvent const& row, std::int64_t highest = 0, Timestamp highest_time = {}) {
        store::Added added;
        store.write([&] { added = events.add(gate, row, epoch, highest, highest_time, at(5)); });
        return added;
    }
};

}  // namespace bioctl::test
