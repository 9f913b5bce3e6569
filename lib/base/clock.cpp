#include "lib/base/clock.hpp"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl {

using namespace std::chrono;

Timestamp SystemClock::now() const {
    return floor<milliseconds>(system_clock::now());
}

std::string to_rfc3339(Timestamp time) {
    auto const day = floor<days>(time);
    year_month_day const date{day};
    hh_mm_ss const clock{time - day};
    auto text =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                    static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    if (auto const fraction = clock.subseconds().count(); fraction != 0) text += fmt::format(".{:03}", fraction);
    return text + 'Z';
}

namespace {

/// Reads fixed-width digits and separators off the front of a text.
class Cursor {
public:
    explicit Cursor(std::string_view text) : m_rest(text) {}

    std::optional<int> digits(std::size_t count) {
        if (m_rest.size() < count) return std::nullopt;
        int value = 0;
        for (char const c : m_rest.substr(0, count)) {
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + (c - '0');
        }
        m_rest.remove_prefix(count);
        return value;
    }
    bool take_one_of(std::string_view characters) {
        if (m_rest.empty() || characters.find(m_rest.front()) == std::string_view::npos) return false;
        m_last = m_rest.front();
        m_rest.remove_prefix(1);
        return true;
    }
    [[nodiscard]] bool at_end() const { return m_rest.empty(); }
    [[nodiscard]] char last() const { return m_last; }

private:
    std::string_view m_rest;
    char m_last = '\0';
};

milliseconds fraction_of(Cursor& in) {
    int value = 0;
    int scale = 100;
    while (auto const digit = in.digits(1)) {
        value += *digit * scale;
        scale /= 10;
    }
    return milliseconds{value};
}

std::optional<minutes> offset_of(Cursor& in) {
    if (in.take_one_of("Zz")) return minutes{0};
    if (!in.take_one_of("+-")) return std::nullopt;
    int const sign = in.last() == '-' ? -1 : 1;
    auto const hour = in.digits(2);
    in.take_one_of(":");
    auto const minute = in.digits(2);
    if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
    return minutes{sign * (*hour * 60 + *minute)};
}

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
    Cursor in{text};
    auto const y = in.digits(4);
    if (!y || !in.take_one_of("-")) return std::nullopt;
    auto const mo = in.digits(2);
    if (!mo || !in.take_one_of("-")) return std::nullopt;
    auto const d = in.digits(2);
    if (!d || !in.take_one_of("Tt ")) return std::nullopt;
    auto const h = in.digits(2);
    if (!h || !in.take_one_of(":")) return std::nullopt;
    auto const mi = in.digits(2);
    if (!mi || !in.take_one_of(":")) return std::nullopt;
    auto const s = in.digits(2);
    if (!s || *h > 23 || *mi > 59 || *s > 60) return std::nullopt;
    auto const fraction = in.take_one_of(".") ? fraction_of(in) : milliseconds{0};
    auto const offset = offset_of(in);
    year_month_day const date{year{*y}, month{static_cast<unsigned>(*mo)}, day{static_cast<unsigned>(*d)}};
    if (!offset || !in.at_end() || !date.ok()) return std::nullopt;
    return Timestamp{sys_days{date} + hours{*h} + minutes{*mi} + seconds{*s} + fraction - *offset};
}

}  // namespace

Result<Timestamp> from_rfc3339(std::string_view text) {
    if (auto const time = parse_rfc3339(text)) return *time;
    return failure(Kind::data,
                   fmt::format("'{}' is not a time; write it as 2030-01-02T03:04:05Z or with an offset +07:00", printable(text)));
}

}  // namespace bioctl
