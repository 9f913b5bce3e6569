#include "tests/support/hik_sim/device_clock.hpp"

#include <array>
#include <charconv>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

#include "lib/base/clock.hpp"

namespace bioctl::hik_sim {

namespace {

constexpr int k_jakarta = 7 * 60, k_far = -4 * 60, k_dst = 60;
constexpr std::int64_t k_drift_s = 92;
constexpr std::size_t k_wall_size = std::string_view{"2026-09-01T00:00:00"}.size();

std::optional<int> two_digits(std::string_view text) {
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.size() != 2 || error != std::errc{} || end != text.data() + 2 || value < 0) return std::nullopt;
    return value;
}

}  // namespace

std::optional<int> parse_offset(std::string_view text) {
    if (text == "Z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
    auto const hours = two_digits(text.substr(1, 2)), minutes = two_digits(text.substr(4, 2));
    if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
    return (text[0] == '-' ? -1 : 1) * (*hours * 60 + *minutes);
}

std::string format_offset(int minutes) {
    auto const size = std::abs(minutes);
    return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

std::optional<WindowTime> parse_window_time(std::string_view text) {
    if (text.size() < k_wall_size || text.size() > 32) return std::nullopt;
    auto const wall = from_rfc3339(std::string{text.substr(0, k_wall_size)} + "Z");
    if (!wall) return std::nullopt;
    WindowTime time{.wall = to_ms(*wall) / 1000};
    if (text.size() == k_wall_size) return time;
    time.offset_minutes = parse_offset(text.substr(k_wall_size));
    if (!time.offset_minutes) return std::nullopt;
    return time;
}

DeviceClock::DeviceClock(QuirkSet const& quirks, UnixTime change)
    : m_offset(quirks.has(Quirk::far_offset) ? k_far : k_jakarta), m_ahead(quirks.has(Quirk::clock_drift) ? k_drift_s : 0) {
    if (quirks.has(Quirk::dst_change)) m_change = change;
}

UnixTime DeviceClock::now() const {
    return to_ms(SystemClock{}.now()) / 1000 + m_ahead;
}

int DeviceClock::offset_minutes_at(UnixTime time) const {
    return m_change && time < *m_change ? m_offset - k_dst : m_offset;
}

std::string DeviceClock::format(UnixTime time) const {
    auto const offset = offset_minutes_at(time);
    return format_local(time, "%Y-%m-%dT%H:%M:%S") + format_offset(offset);
}

std::string DeviceClock::format_local(UnixTime time, char const* pattern) const {
    std::time_t const local = time + offset_minutes_at(time) * 60;
    std::tm parts{};
    ::gmtime_r(&local, &parts);
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), pattern, &parts)};
}

std::string DeviceClock::posix_zone() const {
    auto const standard = m_change ? m_offset - k_dst : m_offset;
    auto zone = fmt::format("CST{}{}:{:02}:00", standard < 0 ? '+' : '-', std::abs(standard) / 60, std::abs(standard) % 60);
    return m_change ? zone + "DST01:00:00,M3.2.0/02:00:00,M11.1.0/02:00:00" : zone;
}

}  // namespace bioctl::hik_sim
