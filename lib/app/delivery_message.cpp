#include "lib/app/delivery_message.hpp"

#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "lib/app/media.hpp"
#include "lib/base/file.hpp"
#include "lib/hikvision/codes.hpp"
#include "lib/notify/notification.hpp"
#include "lib/store/events.hpp"

namespace bioctl::app {

namespace {

constexpr std::uint64_t k_max_picture = 20'000'000;

/// Of what sightings.cpp wrote; nothing if the row is damaged.
std::optional<notify::SeenAt> seen_at(std::string const& raw) {
    auto const json = nlohmann::json::parse(raw, nullptr, false);
    bool is_whole = true;
    auto const number = [&](char const* object, char const* field) {
        nlohmann::json::json_pointer const place{fmt::format("/{}/{}", object, field)};
        auto const value = json.contains(place) && json[place].is_number() ? json[place].get<double>() : -1.0;
        is_whole = is_whole && value >= 0 && value <= std::numeric_limits<int>::max();
        return is_whole ? static_cast<int>(value) : 0;
    };
    notify::SeenAt seen;
    seen.frame_width = number("frame_info", "w");
    seen.frame_height = number("frame_info", "h");
    seen.top = number("box", "top");
    seen.right = number("box", "right");
    seen.bottom = number("box", "bottom");
    seen.left = number("box", "left");
    return is_whole ? std::optional{seen} : std::nullopt;
}

}  // namespace

std::optional<LoadedMessage> load_message(DeliverySetup const& setup, store::Delivery const& delivery) {
    std::optional<store::Event> event;
    setup.writer.write([&](store::Store& store) { event = store.events().get(delivery.event); });
    if (!event) return std::nullopt;
    LoadedMessage loaded;
    auto& message = loaded.message;
    message.id = event->id;
    message.idempotency_key = delivery.idempotency_key;
    message.device = event->device;
    message.device_serial = event->device_serial;
    message.location = event->location;
    message.serial = event->row.serial;
    message.epoch = event->epoch;
    message.time = event->row.time;
    message.received_at = event->received_at;
    message.local_time = event->row.local_time;
    message.kind = event->row.is_recognized ? "recognized" : "other";
    message.major = event->row.major;
    message.minor = event->row.minor;
    message.minor_name = hikvision::name_of_event(event->row.major, event->row.minor);
    message.employee_no = event->row.employee_no;
    message.person_id = event->person_id;
    message.name = event->row.name;
    message.distance = event->verify_distance;
    message.verdict = event->verify_verdict;
    if (event->is_of_source) message.seen_at = seen_at(event->row.raw);
    message.picture_path = event->picture;
    loaded.is_picture_pending = event->picture_state == "pending";
    if (!event->picture.empty()) {
        if (auto picture = read_media(setup.media_dir, event->picture, k_max_picture)) message.picture = std::move(*picture);
    }
    return loaded;
}

bool wants_picture(store::Target const& target) {
    bool const is_in_template = target.format == "template" && target.body_template.find("picture") != std::string::npos;
    return target.format == "presence" || target.picture != "none" || is_in_template;
}

tl::expected<notify::Rendered, notify::Unsendable> render_message(store::Target const& target, std::string const& body) {
    notify::Rendered rendered{.content_type = "application/json", .body = body, .form = {}};
    if (target.format != "template") return rendered;
    auto const notification = notify::notification_from_json(body);
    if (!notification) return tl::unexpected{notify::Unsendable{false, notification.error().message()}};
    auto const custom = notify::Template::parse(target.body_template, notify::Template::Of::notifications);
    if (!custom) return tl::unexpected{notify::Unsendable{false, custom.error().message()}};
    rendered.body = custom->fill(*notification);
    return rendered;
}

tl::expected<notify::Rendered, notify::Unsendable> render_for(store::Target const& target, notify::EventMessage const& message) {
    auto const format = notify::format_from(target.format);
    auto const picture = notify::picture_mode_from(target.picture);
    if (!format || !picture) return tl::unexpected{notify::Unsendable{false, "the target's format is unknown to this version"}};
    if (*format != notify::Format::custom) return notify::render(message, *format, *picture, nullptr);
    auto const custom = notify::Template::parse(target.body_template);
    if (!custom) return tl::unexpected{notify::Unsendable{false, custom.error().message()}};
    return notify::render(message, *format, *picture, &*custom);
}

}  // namespace bioctl::app
