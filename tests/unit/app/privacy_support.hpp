#pragma once
// A store with people, terminals, events, pictures and deliveries, for the tests of what is forgotten, handed over and pruned.

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "lib/app/forget.hpp"
#include "lib/base/file.hpp"
#include "lib/store/device_people.hpp"
#include "lib/store/devices.hpp"
#include "lib/store/events.hpp"
#include "lib/store/outbox.hpp"
#include "lib/store/people.hpp"
#include "lib/store/templates.hpp"
#include "tests/support/stopped_clock.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::test {

/// 128 numbers whose bytes stand nowhere else.
inline std::vector<float> private_vector(int seed) {
    std::vector<float> vector;
    for (int i = 0; i < 128; ++i)
        vector.push_back(static_cast<float>((seed * 7919 + i * 104729) % 100003) / 50001.0F - 1);
    return vector;
}

struct PrivacyStore {
    TempDir dir;
    StoppedClock clock;
    std::int64_t gate = 0;
    std::int64_t serial = 0;

    [[nodiscard]] store::Store open() const { return store::Store::open(dir / "bioctl.db", {}); }
    [[nodiscard]] app::ForgetPlace place() const {
        return {.open = [this] { return open(); }, .data_dir = dir.path()};
    }
    [[nodiscard]] fs::path media() const { return dir.path() / "media"; }

    PrivacyStore() {
        auto store = open();
        store.write([&] {
            store::DeviceConfig config;
            config.name = "gate";
            config.base_url = "http://192.0.2.10";
            config.user = "admin";
            gate = store.devices().add(config, clock.now());
            auto device = store.devices().get(gate);
            device->cursor.time = clock.now() + std::chrono::hours{24};
            store.devices().set_cursor(gate, device->cursor);
            store::Target target;
            target.name = "school";
            target.url = "http://192.0.2.20/";
            target.format = "event";
            store.outbox().add_target(target, clock.now());
        });
    }

    /// With a template, and a portrait of this file name.
    void enrol(std::string const& id, std::string const& name, int seed, std::string const& portrait = "") {
        auto store = open();
        store::Template t;
        t.person_id = id;
        t.contract = "0123456789abcdef";
        t.vector = private_vector(seed);
        t.source = "photos/" + id + "/1.jpg";
        t.created_at = clock.now();
        if (!portrait.empty()) {
            t.crop = "faces/" + portrait;
            write_text(media() / t.crop, "portrait of " + id);
        }
        store.write([&] {
            store.people().upsert(id, name, clock.now());
            store.templates().add(t);
        });
    }

    /// Recognised if an id is given; with a stored picture; told to the target. Returns the event.
    std::int64_t see(std::string const& id, std::string const& name, Timestamp time) {
        auto store = open();
        std::int64_t event = 0;
        store.write([&] {
            store::NewEvent row;
            row.serial = ++serial;
            row.time = time;
            row.local_time = "2030-01-01T07:00:00+07:00";
            row.major = 5;
            row.minor = 75;
            row.is_recognized = !id.empty();
            row.employee_no = id;
            row.name = name;
            row.picture_url = "/LOCALS/pic/" + id + fmt::format("-{}.jpeg", serial);
            row.raw = fmt::format(R"({{"employeeNoString":"{}","name":"{}"}})", id, name);
            int epoch = 1;
            event = store.events().add(gate, row, epoch, serial - 1, {}, clock.now()).id;
            auto const path = fmt::format("events/2030/01/01/{}.jpg", event);
            write_text(media() / path, fmt::format("picture {} of {}", event, id));
            store.events().set_picture(event, path, 20);
            store.outbox().queue_event(event, clock.now());
        });
        return event;
    }

    void record(std::int64_t event, std::string const& state, std::string const& reply = "") {
        auto store = open();
        store.write([&] {
            auto const delivery = store.outbox().of_event(event).at(0);
            store.outbox().record(delivery.id, {.state = state, .http_status = 200, .reply = reply}, clock.now());
        });
    }

    /// "file" for each below the folder whose name or content has these bytes.
    [[nodiscard]] std::vector<std::string> files_with(std::string_view bytes) const {
        std::vector<std::string> found;
        for (auto const& entry : fs::recursive_directory_iterator{dir.path()}) {
            if (!entry.is_regular_file()) continue;
            auto const path = entry.path().lexically_relative(dir.path()).string();
            if (path.find(bytes) != std::string::npos || read_text(entry.path()).find(bytes) != std::string::npos)
                found.push_back(path);
        }
        return found;
    }
};

inline std::string bytes_of(std::vector<float> const& vector) {
    return std::string{as_text(std::as_bytes(std::span{vector}))};
}

}  // namespace bioctl::test
