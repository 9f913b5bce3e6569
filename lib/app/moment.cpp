#include "lib/app/moment.hpp"

#include <charconv>
#include <optional>
#include <sstream>

#include <date/tz.h>
#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

date::time_zone const& zone_of(void const* zone) {
    return *static_cast<date::time_zone const*>(zone);
}

/// Seconds that do not begin with a digit are no number to the date library, which makes an integer of them (undefined).
bool has_digits_behind_colons(std::string_view text) {
    for (auto colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':', colon + 1)) {
        if (colon + 1 == text.size() || text[colon + 1] < '0' || text[colon + 1] > '9') return false;
    }
    return true;
}

std::optional<date::local_seconds> parse_local(std::string const& text) {
    if (!has_digits_behind_colons(text)) return std::nullopt;
    for (auto const* const form : {"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"}) {
        std::istringstream input{text};
        date::local_seconds local{};
        input >> date::parse(form, local);
        if (!input.fail() && input.peek() == std::istringstream::traits_type::eof()) return local;
    }
    return std::nullopt;
}

Timestamp first_of(date::time_zone const& zone, date::local_seconds local) {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(zone.to_sys(local, date::choose::earliest));
}

}  // namespace

std::optional<std::chrono::seconds> parse_span(std::string_view text) {
    std::int64_t count = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    constexpr std::int64_t k_most = 1'000'000;
    if (error != std::errc{} || count < 0 || count > k_most || end + 1 != text.data() + text.size()) return std::nullopt;
    switch (*end) {
        case 's': return std::chrono::seconds{count};
        case 'm': return std::chrono::minutes{count};
        case 'h': return std::chrono::hours{count};
        case 'd': return std::chrono::hours{24 * count};
        case 'w': return std::chrono::hours{24 * 7 * count};
        default: return std::nullopt;
    }
}

Zone::Zone(std::string_view name) try : m_zone(date::locate_zone(std::string{name})) {
} catch (std::exception const&) {
    throw Error{Kind::config,
                fmt::format("the system knows no time zone '{}'; install tzdata, or set timezone to another", printable(name))};
}

std::string Zone::show(Timestamp time) const {
    return date::format("%Y-%m-%d %H:%M:%S", zone_of(m_zone).to_local(std::chrono::floor<std::chrono::seconds>(time)));
}

std::string Zone::local_rfc3339(Timestamp time) const {
    return date::format("%FT%T%Ez", date::zoned_time{&zone_of(m_zone), std::chrono::floor<std::chrono::seconds>(time)});
}

std::chrono::minutes Zone::offset(Timestamp time) const {
    return std::chrono::floor<std::chrono::minutes>(zone_of(m_zone).get_info(time).offset);
}

Result<Timestamp> Zone::parse(std::string_view text, Timestamp now) const {
    auto const& zone = zone_of(m_zone);
    if (text == "now") return now;
    if (text == "today" || text == "yesterday") {
        auto const day = std::chrono::floor<std::chrono::days>(zone.to_local(now));
        return first_of(zone, day - std::chrono::days{text == "today" ? 0 : 1});
    }
    if (auto const ago = parse_span(text)) return now - *ago;
    if (auto const local = parse_local(std::string{text})) return first_of(zone, *local);
    if (auto const exact = from_rfc3339(text)) return *exact;
    return failure(
        Error{Kind::usage, fmt::format("'{}' is no time; write 2026-11-21, 2026-11-21 07:15, 2026-11-21T07:15:00+07:00, 2h, 3d, "
                                       "today or yesterday",
                                       printable(text))});
}

}  // namespace bioctl::app
