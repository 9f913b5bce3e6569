#include "lib/notify/notification.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/notify/fields.hpp"

namespace bioctl::notify {

namespace {

constexpr std::size_t k_largest_body = 1'000'000;
constexpr std::size_t k_most_lines = 1000;
constexpr std::size_t k_longest_line = 2000;  // bytes
constexpr std::string_view k_and = "and ";
constexpr std::string_view k_more = " more";

Json time_or_null(std::optional<Timestamp> const& time) {
    return time ? Json(to_rfc3339(*time)) : Json{};
}

/// Not cut within a character.
std::string_view start_of(std::string_view text, std::size_t most_bytes) {
    if (text.size() <= most_bytes) return text;
    while (most_bytes > 0 && (static_cast<unsigned char>(text[most_bytes]) & 0xC0) == 0x80)
        --most_bytes;
    return text.substr(0, most_bytes);
}

std::string one_line(std::string_view text) {
    auto line = to_valid_utf8(text.substr(0, k_longest_line * 2));
    for (auto& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == '\x7F') c = ' ';
    }
    return std::string{start_of(line, k_longest_line)};
}

std::string text_at(Json const& json, std::string_view key) {
    auto const found = json.find(std::string{key});
    return found != json.end() && found->is_string() ? one_line(found->get_ref<std::string const&>()) : std::string{};
}

std::optional<Timestamp> time_at(Json const& json, std::string_view key) {
    auto const time = from_rfc3339(text_at(json, key));
    return time ? std::optional{*time} : std::nullopt;
}

Notification notification_of(Json const& json) {
    Notification result;
    if (auto level = text_at(json, "level"); is_level(level)) result.level = std::move(level);
    result.cause = text_at(json, "cause");
    result.title = text_at(json, "title");
    if (auto const lines = json.find("lines"); lines != json.end() && lines->is_array()) {
        for (auto const& line : *lines) {
            if (result.lines.size() == k_most_lines) break;
            if (line.is_string()) result.lines.push_back(one_line(line.get_ref<std::string const&>()));
        }
    }
    result.started_at = time_at(json, "started_at");
    result.ended_at = time_at(json, "ended_at");
    if (auto const count = json.find("count"); count != json.end() && count->is_number_integer())
        result.count = count->get<std::int64_t>();
    return result;
}

std::string level_of(std::string_view device_state) {
    if (device_state == "ok") return "success";
    return device_state == "warning" || device_state == "unknown" ? "warning" : "error";
}

Notification notification_of_device(Json const& json) {
    auto const to = text_at(json, "to");
    Notification result;
    result.level = level_of(to);
    result.cause = fmt::format("device:{}", text_at(json, "device"));
    result.title = fmt::format("{} is {} (was {})", text_at(json, "device"), to, text_at(json, "from"));
    if (auto const location = text_at(json, "location"); !location.empty())
        result.lines.push_back(fmt::format("Location: {}", location));
    if (auto const reason = text_at(json, "reason"); !reason.empty()) result.lines.push_back(fmt::format("Reason: {}", reason));
    if (auto const at = time_at(json, "at")) {
        result.lines.push_back(fmt::format("Since: {}", to_rfc3339(*at)));
        result.started_at = at;
    }
    result.count = 1;
    return result;
}

/// Of a last line "and 17 more", 17; else 0.
std::size_t told_as_more(std::string_view line) {
    if (!line.starts_with(k_and) || !line.ends_with(k_more) || line.size() <= k_and.size() + k_more.size()) return 0;
    auto const digits = line.substr(k_and.size(), line.size() - k_and.size() - k_more.size());
    std::size_t number = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    constexpr std::size_t k_sane = 1'000'000'000;
    return error == std::errc{} && end == digits.data() + digits.size() && number < k_sane ? number : 0;
}

std::string cut_to_units(std::string_view text, std::size_t most_units) {
    constexpr std::string_view k_ellipsis = "\u2026";
    std::size_t units = 1, at = 0;  // of the ellipsis
    while (at < text.size()) {
        auto const lead = static_cast<unsigned char>(text[at]);
        std::size_t const bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        units += bytes == 4 ? 2 : 1;
        if (units > most_units) break;
        at += bytes;
    }
    return std::string{text.substr(0, at)}.append(k_ellipsis);
}

}  // namespace

bool is_level(std::string_view word) {
    return word == "success" || word == "info" || word == "warning" || word == "error";
}

Json fields_of(Notification const& n) {
    Json json{{"level", n.level}, {"cause", n.cause}, {"title", n.title}, {"lines", n.lines}};
    json["started_at"] = time_or_null(n.started_at);
    json["ended_at"] = time_or_null(n.ended_at);
    json["count"] = n.count;
    json["text"] = to_text(n);
    return json;
}

std::string to_json(Notification const& n) {
    Json json{{"type", "notification"}};
    auto const fields = fields_of(n);
    for (auto const* const name : {"level", "cause", "title", "lines", "started_at", "ended_at", "count"})
        json[name] = fields[name];
    return dumped(json);
}

Result<Notification> parse_notification(std::string_view text) {
    if (text.size() > k_largest_body) return failure(Kind::data, "the message is larger than any notification");
    auto const json = Json::parse(text, nullptr, false);
    if (json.is_object()) {
        auto const type = text_at(json, "type");
        if (type == "notification") return notification_of(json);
        if (type == "device_state") return notification_of_device(json);
    }
    return failure(Kind::data, "the message is neither a notification nor the state of a device");
}

std::size_t utf16_units(std::string_view text) {
    std::size_t units = 0;
    for (auto const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
    }
    return units;
}

std::string to_text(Notification const& n) {
    auto text = n.title;
    if (!n.lines.empty()) text += "\n";
    for (auto const& line : n.lines)
        text.append("\n").append(line);
    return text;
}

std::string to_text(Notification const& n, std::size_t most_units) {
    auto whole = to_text(n);
    if (utf16_units(whole) <= most_units) return whole;
    auto lines = n.lines;
    std::size_t left_out = lines.empty() ? 0 : told_as_more(lines.back());
    if (left_out > 0) lines.pop_back();
    constexpr std::size_t k_room_for_more = 32;  // "\nand 1000000000 more"
    auto text = n.title;
    auto units = utf16_units(text) + 1 + k_room_for_more;
    if (units > most_units) return cut_to_units(n.title, most_units);
    text += '\n';
    std::size_t shown = 0;
    for (auto const& line : lines) {
        units += 1 + utf16_units(line);
        if (units > most_units) break;
        text.append("\n").append(line);
        ++shown;
    }
    return fmt::format("{}\n{}{}{}", text, k_and, lines.size() - shown + left_out, k_more);
}

}  // namespace bioctl::notify
