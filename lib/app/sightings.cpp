#include "lib/app/sightings.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/app/devices.hpp"
#include "lib/app/media.hpp"
#include "lib/app/sync_pictures.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/hikvision/codes.hpp"
#include "lib/store/devices.hpp"
#include "lib/store/events.hpp"
#include "lib/store/outbox.hpp"

namespace bioctl::app {

namespace {

// As a terminal would say it.
constexpr int k_face_passed = 75;
constexpr int k_face_failed = 76;

/// As the old services told it: four places.
double rounded(float distance) {
    constexpr double k_places = 1e4;
    return std::round(static_cast<double>(distance) * k_places) / k_places;
}

std::string raw_of(Sighting const& sighting) {
    auto const& box = sighting.box;
    nlohmann::ordered_json json;
    json["source"] = sighting.source;
    json["distance"] = sighting.distance ? nlohmann::ordered_json(rounded(*sighting.distance)) : nlohmann::ordered_json{};
    json["box"] = {{"top", box.top}, {"right", box.right}, {"bottom", box.bottom}, {"left", box.left}};
    json["frame_info"] = {{"w", sighting.frame_width}, {"h", sighting.frame_height}};
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

store::NewEvent row_of(Sighting const& sighting, Zone const& zone) {
    bool const is_known = !sighting.person_id.empty();
    store::NewEvent row;
    row.time = sighting.time;
    row.local_time = zone.local_rfc3339(sighting.time);
    row.major = hikvision::k_major_event;
    row.minor = is_known ? k_face_passed : k_face_failed;
    row.is_recognized = is_known;
    row.employee_no = sighting.person_id;
    row.name = sighting.name;
    row.raw = raw_of(sighting);
    if (sighting.distance) row.distance = rounded(*sighting.distance);
    return row;
}

store::Device source_called(store::Store& store, std::string const& name, Timestamp now) {
    auto devices = store.devices();
    auto device = devices.get(name);
    if (!device) {
        store::DeviceConfig config;
        config.name = name;
        config.enabled = false;
        device = devices.get(devices.add(config, now));
    }
    if (device->is_source()) return *std::move(device);
    throw Error{Kind::data, fmt::format("'{}' is a terminal already; give the source another name", printable(name))};
}

/// What the targets are asked about before it is stored.
store::Event draft_of(store::Device const& source, store::NewEvent const& row) {
    store::Event event;
    event.device = source.config.name;
    event.location = source.config.location;
    event.is_of_source = true;
    event.row = row;
    return event;
}

std::vector<QueuedDelivery> cooling_down(std::vector<store::Prospect> const& prospects) {
    std::vector<QueuedDelivery> queued;
    for (auto const& prospect : prospects) {
        using State = QueuedDelivery::State;
        queued.push_back({.target = prospect.target,
                          .state = prospect.cools_for ? State::cooldown : State::queued,
                          .left = std::max(prospect.cools_for.value_or(std::chrono::seconds{0}), std::chrono::seconds{0})});
    }
    return queued;
}

/// The deliveries that queue_event() made of what cooling_down() foretold, in the same transaction.
void fill_in(std::vector<QueuedDelivery>& queued, std::vector<store::Delivery> const& deliveries) {
    for (auto const& delivery : deliveries) {
        if (delivery.state != "pending") continue;
        auto known = std::ranges::find(queued, delivery.target, &QueuedDelivery::target);
        if (known == queued.end()) known = queued.insert(queued.end(), QueuedDelivery{.target = delivery.target});
        known->state = QueuedDelivery::State::queued;
        known->delivery = delivery.id;
        known->left = {};
    }
}

/// Whatever its kinds say, for whoever asked wants this one to be told.
void tell_webhook(store::Outbox& outbox, std::int64_t event, Timestamp now) {
    auto const target = outbox.settings_target();
    if (target && target->enabled) outbox.resend(event, target->name, now);
}

}  // namespace

Sighting sighting_of(RecognizedPhoto const& photo, RecognizedFace const& face, Timestamp time) {
    Sighting sighting;
    if (face.person) {
        sighting.person_id = face.person->person_id;
        sighting.name = face.person->name;
    }
    sighting.distance = face.distance;
    sighting.box = face.box;
    sighting.frame_width = photo.width;
    sighting.frame_height = photo.height;
    sighting.time = time;
    return sighting;
}

QueuedDelivery ReportedSighting::at(std::string_view target) const {
    auto const found = std::ranges::find(queued, target, &QueuedDelivery::target);
    return found == queued.end() ? QueuedDelivery{.target = std::string{target}} : *found;
}

ReportedSighting Sightings::report(Sighting const& sighting) {
    check_device_name(sighting.source);
    ReportedSighting reported;
    m_setup.writer.write([&](store::Store& store) { reported = store_it(store, sighting); });
    return reported;
}

ReportedSighting Sightings::store_it(store::Store& store, Sighting const& sighting) const {
    auto const now = m_setup.clock.now();
    auto const source = source_called(store, sighting.source, now);
    auto row = row_of(sighting, m_setup.zone);
    auto events = store.events();
    auto outbox = store.outbox();
    ReportedSighting reported;
    reported.queued = cooling_down(outbox.prospects(draft_of(source, row)));
    bool const is_told = sighting.is_unknown_told || std::ranges::any_of(reported.queued, [](QueuedDelivery const& queued) {
                             return queued.state == QueuedDelivery::State::queued;
                         });
    auto const earlier = events.latest_of(source.key, row.employee_no, sighting.time - m_setup.repeat, sighting.time);
    if (!is_told && earlier) {
        reported.event = *earlier;
        reported.is_repeat = true;
        return reported;
    }
    auto cursor = source.cursor;
    row.serial = cursor.serial + 1;
    reported.event = events.add(source.key, row, cursor.epoch, cursor.serial, cursor.time, now).id;
    cursor.serial = row.serial;
    cursor.time = std::max(cursor.time, row.time);  // events behind it may be pruned
    store.devices().set_cursor(source.key, cursor);
    keep_picture(store, reported.event, sighting);
    outbox.queue_event(reported.event, now);
    if (sighting.is_unknown_told && sighting.person_id.empty()) tell_webhook(outbox, reported.event, now);
    fill_in(reported.queued, outbox.of_event(reported.event));
    return reported;
}

/// Within the transaction: no delivery may see the event without it.
void Sightings::keep_picture(store::Store& store, std::int64_t event, Sighting const& sighting) const {
    if (sighting.picture.empty()) return;
    auto const path = picture_path(event, sighting.time, m_setup.zone.offset(sighting.time));
    write_media(m_setup.media_dir, path, sighting.picture);
    store.events().set_picture(event, path, sighting.picture.size());
}

}  // namespace bioctl::app
