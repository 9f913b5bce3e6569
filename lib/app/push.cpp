#include "lib/app/push.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "lib/app/media.hpp"
#include "lib/app/sync_pictures.hpp"
#include "lib/base/file.hpp"
#include "lib/base/secret.hpp"
#include "lib/base/text.hpp"
#include "lib/hikvision/codes.hpp"
#include "lib/hikvision/documents.hpp"
#include "lib/net/url.hpp"
#include "lib/ont/address.hpp"
#include "lib/store/events.hpp"
#include "lib/store/outbox.hpp"

namespace bioctl::app {

namespace {

/// Only a poll sees enough of the log to say that the numbers start again.
struct NewEpoch {};

/// In constant time: the path is what a terminal shows to be let in.
std::optional<store::Device> device_of(store::Store& store, std::string_view path) {
    std::optional<store::Device> found;
    for (auto const& device : store.devices().list()) {
        auto const url = net::parse_url(device.config.push_url);
        if (url && constant_time_equal(url->path, path)) found = device;
    }
    return found;
}

bool is_from(store::Device const& device, std::string const& client) {
    auto const url = net::parse_url(device.config.base_url);
    if (!url) return false;
    auto const source = ont::parse_address(client);
    auto const wanted = ont::resolve(url->host, source && source->family == ont::Family::v6 ? ont::Wanted::v6 : ont::Wanted::v4);
    return source && wanted && source->bytes == wanted->bytes;
}

store::NewEvent event_from(hikvision::EventRow const& row, std::set<int> const& recognized_minors) {
    return {.serial = row.serial,
            .time = row.at,
            .local_time = row.time,
            .major = row.major,
            .minor = row.minor,
            .is_recognized = row.major == hikvision::k_major_event && recognized_minors.contains(row.minor),
            .employee_no = row.employee_no,
            .name = row.name,
            .picture_url = row.picture,
            .raw = row.raw};
}

bool is_jpeg(ByteView bytes) {
    return bytes.size() > 3 && bytes[0] == std::byte{0xff} && bytes[1] == std::byte{0xd8} && bytes[2] == std::byte{0xff};
}

/// The picture is on the disk before the row that names it.
void keep_picture(store::Store& store, PushSetup const& setup, std::int64_t event, hikvision::EventRow const& row,
                  std::chrono::minutes offset, ByteView picture) {
    if (!is_jpeg(picture)) return;
    auto const path = picture_path(event, row.at, offset);
    write_media(setup.media_dir, path, picture);
    store.events().set_picture(event, path, picture.size());
}

}  // namespace

PushReport receive_push(PushSetup const& setup, PushedMessage const& message) {
    PushReport report;
    std::optional<store::Device> device;
    setup.writer.write([&](store::Store& store) { device = device_of(store, message.path); });
    if (!device) return report;
    report.device = device->config.name;
    if (!is_from(*device, message.client)) {
        report.result = PushResult::wrong_source;
        report.detail = fmt::format("{}: pushed from {}, which is not its address", printable(report.device), message.client);
        return report;
    }
    std::chrono::minutes const offset{device->utc_offset_minutes.value_or(0)};
    auto const pushed = hikvision::parse_pushed_event(message.event, offset);
    if (!pushed) {
        report.result = PushResult::unusable;
        report.detail = fmt::format("{}: {}", printable(report.device), pushed.error().message());
        return report;
    }
    report.result = PushResult::sign_of_life;
    if (!pushed->row || pushed->row->major != hikvision::k_major_event) return report;
    try {
        setup.writer.write([&](store::Store& store) {
            // Read again: the cursor moves while terminals are polled.
            auto const now_device = store.devices().get(device->key);
            if (!now_device) throw NewEpoch{};
            int epoch = now_device->cursor.epoch;
            auto const now = setup.clock.now();
            auto const event = event_from(*pushed->row, setup.recognized_minors);
            auto const added =
                store.events().add(device->key, event, epoch, now_device->cursor.serial, now_device->cursor.time, now);
            if (added.stored == store::Stored::new_epoch) throw NewEpoch{};
            report.event = added.id;
            report.result = added.stored == store::Stored::known ? PushResult::known : PushResult::stored;
            if (added.stored == store::Stored::known) return;
            keep_picture(store, setup, added.id, *pushed->row, offset, message.picture);
            store.outbox().queue_event(added.id, now);
        });
    } catch (NewEpoch const&) {
        report.result = PushResult::left;
    }
    return report;
}

std::string new_push_path() {
    constexpr std::size_t k_characters = 26;  // of five bits
    return "/hik/" + random_id(k_characters);
}

}  // namespace bioctl::app
