#include "lib/notify/payload.hpp"

#include <charconv>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/notify/fields.hpp"

namespace bioctl::notify {

namespace {

constexpr auto k_json = "application/json";

Json text_or_null(std::string const& text) {
    return text.empty() ? Json{} : Json(text);
}

/// The old service took int() of it: leading zeros fall away.
std::optional<std::int64_t> as_number(std::string_view text) {
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

/// "2026-09-01T17:27:53", the device's local time.
std::string local_date(EventMessage const& message) {
    constexpr std::size_t k_length = 19;
    if (message.local_time.size() >= k_length && message.local_time[10] == 'T') return message.local_time.substr(0, k_length);
    return to_rfc3339(message.time).substr(0, k_length);
}

/// As Python's json.dumps writes it, byte for byte: what the receivers of the old service have seen for years.
tl::expected<Rendered, Unsendable> render_presence(EventMessage const& message) {
    auto const number = as_number(message.employee_no);
    if (!number) return tl::unexpected{Unsendable{true, "no_numeric_employee_no"}};
    if (message.picture.empty()) return tl::unexpected{Unsendable{false, "no_picture"}};
    auto const device = Json(message.device).dump(-1, ' ', true, Json::error_handler_t::replace);
    return Rendered{.content_type = k_json,
                    .body = fmt::format(R"({{"device": {}, "authId": {}, "date": "{}", "picture": "{}"}})", device, *number,
                                        local_date(message), to_base64(message.picture)),
                    .form = {}};
}

/// The shape of the FastAPI service, which knew cameras only. A terminal tells neither frame nor box, and a distance only after
/// --verify-faces.
Json attendance_of(EventMessage const& message) {
    Json json{{"event", "attendance.recognized"}};
    json["student_id"] = message.person_id.empty() ? message.employee_no : message.person_id;
    if (message.seen_at && message.kind == "other") json["student_id"] = "Unknown";
    json["distance"] = message.distance ? Json(*message.distance) : Json{};
    json["ts"] = to_ms(message.time) / 1000;
    json["frame_info"] = nullptr;
    json["box"] = nullptr;
    if (auto const& seen = message.seen_at) {
        json["frame_info"] = {{"w", seen->frame_width}, {"h", seen->frame_height}};
        json["box"] = {{"top", seen->top}, {"right", seen->right}, {"bottom", seen->bottom}, {"left", seen->left}};
    }
    json["device"] = message.device;
    return json;
}

Rendered with_picture(Json json, EventMessage const& message, PictureMode mode) {
    if (mode == PictureMode::base64) json["picture_base64"] = message.picture.empty() ? Json{} : Json(to_base64(message.picture));
    if (mode != PictureMode::multipart) return {.content_type = k_json, .body = dumped(json), .form = {}};
    Rendered rendered;
    rendered.form.push_back({.name = "event", .content_type = k_json, .content = dumped(json)});
    if (!message.picture.empty()) {
        rendered.form.push_back({.name = "picture",
                                 .file_name = fmt::format("{}.jpg", message.id),
                                 .content_type = "image/jpeg",
                                 .content = std::string{as_text(message.picture)}});
    }
    return rendered;
}

Error unknown(std::string_view what, std::string_view name, std::string_view choices) {
    return {Kind::usage, fmt::format("{} '{}' must be one of: {}", what, printable(name), choices)};
}

}  // namespace

std::string dumped(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json fields_of(EventMessage const& m) {
    Json json;
    json["id"] = m.id;
    json["idempotency_key"] = m.idempotency_key;
    json["kind"] = m.kind;
    json["device"] = m.device;
    json["device_serial"] = text_or_null(m.device_serial);
    json["location"] = text_or_null(m.location);
    json["serial"] = m.serial;
    json["epoch"] = m.epoch;
    json["time"] = to_rfc3339(m.time);
    json["local_time"] = text_or_null(m.local_time);
    json["received_at"] = to_rfc3339(m.received_at);
    json["major"] = m.major;
    json["minor"] = m.minor;
    json["minor_name"] = text_or_null(m.minor_name);
    json["employee_no"] = text_or_null(m.employee_no);
    json["person_id"] = text_or_null(m.person_id);
    json["name"] = text_or_null(m.name);
    json["verdict"] = text_or_null(m.verdict);
    json["distance"] = m.distance ? Json(*m.distance) : Json{};
    return json;
}

Result<Format> format_from(std::string_view name) {
    if (name == "presence") return Format::presence;
    if (name == "attendance") return Format::attendance;
    if (name == "event") return Format::event;
    if (name == "template") return Format::custom;
    if (name == "telegram") return Format::telegram;
    if (name == "mail") return Format::mail;
    if (name == "exec") return Format::command;
    return failure(unknown("format", name, "presence, attendance, event, template, telegram, mail, exec"));
}

Result<PictureMode> picture_mode_from(std::string_view name) {
    if (name == "none") return PictureMode::none;
    if (name == "base64") return PictureMode::base64;
    if (name == "multipart") return PictureMode::multipart;
    return failure(unknown("picture", name, "none, base64, multipart"));
}

tl::expected<Rendered, Unsendable> render(EventMessage const& message, Format format, PictureMode picture,
                                          Template const* custom) {
    switch (format) {
        case Format::presence: return render_presence(message);
        case Format::attendance: return with_picture(attendance_of(message), message, picture);
        case Format::event: {
            Json json{{"type", "event"}};
            json.update(fields_of(message));
            return with_picture(std::move(json), message, picture);
        }
        case Format::telegram:
        case Format::mail:
        case Format::command: return tl::unexpected{Unsendable{true, "no_event_format"}};
        case Format::custom: break;
    }
    if (custom == nullptr) return tl::unexpected{Unsendable{false, "no_template"}};
    Rendered rendered{.content_type = k_json, .body = custom->fill(message), .form = {}};
    if (picture != PictureMode::multipart) return rendered;
    rendered.form.push_back({.name = "event", .content_type = k_json, .content = std::move(rendered.body)});
    if (!message.picture.empty()) {
        rendered.form.push_back({.name = "picture",
                                 .file_name = fmt::format("{}.jpg", message.id),
                                 .content_type = "image/jpeg",
                                 .content = std::string{as_text(message.picture)}});
    }
    return rendered;
}

}  // namespace bioctl::notify
