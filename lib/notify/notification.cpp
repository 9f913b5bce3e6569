#include "lib/notify/notification.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/notify/fields.hpp"

namespace bioctl::notify {

namespace {

constexpr std::size_t k_longest_message = 1'000'000;
constexpr std::size_t k_most_lines = 10'000;
constexpr std::array<std::string_view, 4> k_types{"success", "info", "warning", "error"};
constexpr std::string_view k_ellipsis = "\xE2\x80\xA6";

Json time_or_null(std::optional<Timestamp> const& time) {
    return time ? Json(to_rfc3339(*time)) : Json{};
}

/// One line of valid UTF-8.
std::string one_line(std::string_view text) {
    auto line = to_valid_utf8(text);
    std::ranges::replace_if(
        line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }, ' ');
    return line;
}

/// "" for what is not there or no text.
std::string text_of(Json const& json, char const* name) {
    auto const found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::optional<Timestamp> time_of(Json const& json, char const* name) {
    auto const time = from_rfc3339(text_of(json, name));
    return time ? std::optional{*time} : std::nullopt;
}

Notification from_device_state(Json const& json) {
    auto const device = text_of(json, "device"), to = text_of(json, "to");
    Notification notification;
    notification.type = to == "ok" ? "success" : to == "warning" ? "warning" : "error";
    notification.cause = "device:" + device;
    notification.title = fmt::format("{}: {} (was {})", device, to, text_of(json, "from"));
    if (auto const reason = text_of(json, "reason"); !reason.empty()) notification.lines.push_back(reason);
    if (auto const location = text_of(json, "location"); !location.empty())
        notification.lines.push_back(fmt::format("location: {}", location));
    notification.started_at = time_of(json, "at");
    if (notification.started_at) notification.lines.push_back(fmt::format("since {}", to_rfc3339(*notification.started_at)));
    return notification;
}

/// 12 of "and 12 more".
std::optional<std::uint64_t> more_of(std::string_view line) {
    constexpr std::string_view k_begin = "and ", k_end = " more";
    if (line.size() <= k_begin.size() + k_end.size() || !line.starts_with(k_begin) || !line.ends_with(k_end)) return std::nullopt;
    auto const digits = line.substr(k_begin.size(), line.size() - k_begin.size() - k_end.size());
    std::uint32_t number = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return number;
}

/// The longest start of whole characters that has at most so many UTF-16 units.
std::string_view start_of(std::string_view text, std::size_t units) {
    std::size_t used = 0, at = 0;
    while (at < text.size()) {
        std::size_t next = at + 1;
        while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U)
            ++next;
        auto const width = utf16_length(text.substr(at, next - at));
        if (used + width > units) break;
        used += width;
        at = next;
    }
    return text.substr(0, at);
}

std::string cut_to(std::string const& text, std::size_t units) {
    if (utf16_length(text) <= units) return text;
    return fmt::format("{}{}", start_of(text, units > 0 ? units - 1 : 0), units > 0 ? k_ellipsis : std::string_view{});
}

}  // namespace

bool is_notification_type(std::string_view type) {
    return std::ranges::find(k_types, type) != k_types.end();
}

std::size_t utf16_length(std::string_view text) {
    std::size_t units = 0;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) == 0x80U) continue;  // in the middle of a character
        units += byte >= 0xF0U ? 2 : 1;
    }
    return units;
}

Json fields_of(Notification const& notification) {
    Json json{{"severity", notification.type}};
    json["cause"] = notification.cause;
    json["title"] = notification.title;
    json["text"] = to_text(notification);
    json["lines"] = notification.lines;
    json["started_at"] = time_or_null(notification.started_at);
    json["ended_at"] = time_or_null(notification.ended_at);
    auto counts = Json::object();
    for (auto const& [name, count] : notification.counts)
        counts[name] = count;
    json["counts"] = std::move(counts);
    return json;
}

std::string to_json(Notification const& notification) {
    Json json{{"type", "notification"}};
    json.update(fields_of(notification));
    json.erase("text");
    return dumped(json);
}

Result<Notification> notification_from_json(std::string_view text) {
    if (text.size() > k_longest_message) return failure(Kind::data, "a message of more than 1 MB is no notification");
    auto const json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return failure(Kind::data, "a notification is a JSON object");
    auto const kind = text_of(json, "type");
    if (kind == "device_state") return from_device_state(json);
    if (kind != "notification")
        return failure(Kind::data, fmt::format("a message of type '{}' is no notification", printable(kind.substr(0, 100))));
    Notification notification;
    notification.type = text_of(json, "severity");
    if (!is_notification_type(notification.type))
        return failure(Kind::data, "the severity of a notification is success, info, warning or error");
    notification.cause = text_of(json, "cause");
    notification.title = text_of(json, "title");
    notification.started_at = time_of(json, "started_at");
    notification.ended_at = time_of(json, "ended_at");
    if (auto const lines = json.find("lines"); lines != json.end() && lines->is_array()) {
        if (lines->size() > k_most_lines) return failure(Kind::data, "a notification has at most 10 000 lines");
        for (auto const& line : *lines) {
            if (line.is_string()) notification.lines.push_back(line.get<std::string>());
        }
    }
    if (auto const counts = json.find("counts"); counts != json.end() && counts->is_object()) {
        for (auto const& [name, count] : counts->items()) {
            if (count.is_number_integer()) notification.counts.emplace_back(name, count.get<std::int64_t>());
        }
    }
    return notification;
}

std::string to_text(Notification const& notification) {
    auto text = one_line(notification.title);
    bool is_first = true;
    for (auto const& line : notification.lines) {
        text += fmt::format("{}{}", is_first ? "\n\n" : "\n", one_line(line));
        is_first = false;
    }
    return text;
}

std::string to_text(Notification const& notification, std::size_t utf16_units) {
    auto whole = to_text(notification);
    if (utf16_length(whole) <= utf16_units) return whole;
    auto lines = notification.lines;
    std::uint64_t left_out = 0;
    if (!lines.empty()) {
        if (auto const more = more_of(lines.back())) {
            left_out = *more;
            lines.pop_back();
        }
    }
    auto const title = one_line(notification.title);
    auto const units_of_more = utf16_length(fmt::format("\n\nand {} more", left_out + lines.size()));
    auto text = cut_to(title, utf16_units > units_of_more ? utf16_units - units_of_more : utf16_units);
    if (lines.empty() && left_out == 0) return text;
    auto const room = utf16_units - std::min(utf16_units, units_of_more);
    auto used = utf16_length(text) + 1;  // the empty line
    std::size_t kept = 0;
    for (; kept < lines.size(); ++kept) {
        auto const line = one_line(lines[kept]);
        used += utf16_length(line) + 1;
        if (used > room) break;
        text += fmt::format("{}{}", kept == 0 ? "\n\n" : "\n", line);
    }
    left_out += lines.size() - kept;
    if (utf16_units > units_of_more) text += fmt::format("{}and {} more", kept == 0 ? "\n\n" : "\n", left_out);
    return text;
}

}  // namespace bioctl::notify
