#include "lib/ont/coordinates.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::ont {

namespace {

constexpr double k_minutes = 60, k_seconds = 3600;

tl::unexpected<Error> wrong(std::string_view text, std::string_view why) {
    return failure(Kind::data, fmt::format("'{}' {}", printable(text), why));
}

/// Typographic signs as ASCII, letters in upper case; degree, minute and second signs as blanks that end a number.
std::string simplified(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> k_signs{{{"\u00B0", " "},
                                                                                            {"\u00BA", " "},
                                                                                            {"\u2032", " "},
                                                                                            {"\u2033", " "},
                                                                                            {"\u2019", " "},
                                                                                            {"\u201D", " "},
                                                                                            {"'", " "},
                                                                                            {"\"", " "},
                                                                                            {"\u2212", "-"},
                                                                                            {"\u2013", "-"},
                                                                                            {"\u00A0", " "},
                                                                                            {"\t", " "}}};
    std::string simple;
    while (!text.empty()) {
        bool is_sign = false;
        for (auto const& [sign, meaning] : k_signs) {
            if (!text.starts_with(sign)) continue;
            simple += meaning;
            text.remove_prefix(sign.size());
            is_sign = true;
            break;
        }
        if (is_sign) continue;
        char const c = text.front();
        simple += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        text.remove_prefix(1);
    }
    return simple;
}

struct Parts {
    std::vector<double> numbers;
    char letter = 0;
    bool is_negative = false;
};

bool is_compass(char c) {
    return c == 'N' || c == 'S' || c == 'E' || c == 'W';
}

/// Numbers, at most one compass letter, at most one sign before the first number.
std::optional<Parts> parts_of(std::string_view simple) {
    Parts parts;
    bool is_over = false;  // a letter behind the numbers ends them
    while (!simple.empty()) {
        char const c = simple.front();
        if (c == ' ') {
            simple.remove_prefix(1);
        } else if (is_compass(c) && parts.letter == 0) {
            parts.letter = c;
            is_over = !parts.numbers.empty();
            simple.remove_prefix(1);
        } else if ((c == '-' || c == '+') && parts.numbers.empty() && !parts.is_negative) {
            parts.is_negative = c == '-';
            simple.remove_prefix(1);
        } else {
            std::string digits{simple.substr(0, simple.find_first_not_of("0123456789.,"))};
            auto const size = digits.size();
            // A comma is a decimal point here; with both kinds nobody knows what is meant.
            if (auto const comma = digits.find(','); comma != std::string::npos) digits[comma] = '.';
            double value = 0;
            auto const [end, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
            if (size == 0 || error != std::errc{} || end != digits.data() + digits.size() || parts.numbers.size() == 3 || is_over)
                return std::nullopt;
            parts.numbers.push_back(value);
            simple.remove_prefix(size);
        }
    }
    if (parts.numbers.empty()) return std::nullopt;
    return parts;
}

}  // namespace

Result<double> parse_coordinate(std::string_view text, Axis axis) {
    auto const parts = parts_of(simplified(text));
    if (!parts) return wrong(text, "is no coordinate");
    bool const is_latitude = axis == Axis::latitude;
    bool const is_letter_of_axis = parts->letter == 0 || is_latitude == (parts->letter == 'N' || parts->letter == 'S');
    if (!is_letter_of_axis) return wrong(text, is_latitude ? "is a longitude" : "is a latitude");
    auto const& numbers = parts->numbers;
    bool const has_minutes = numbers.size() > 1, has_seconds = numbers.size() > 2;
    // Only the last part may have a fraction.
    for (std::size_t i = 0; i + 1 < numbers.size(); ++i) {
        if (std::floor(numbers[i]) != numbers[i]) return wrong(text, "has a fraction in the middle");
    }
    if ((has_minutes && numbers[1] >= 60) || (has_seconds && numbers[2] >= 60))
        return wrong(text, "has 60 minutes or seconds, or more");
    double degrees = numbers[0];
    if (has_minutes) degrees += numbers[1] / k_minutes;
    if (has_seconds) degrees += numbers[2] / k_seconds;
    double const most = is_latitude ? 90 : 180;
    if (degrees > most) return wrong(text, fmt::format("is beyond {} degrees", most));
    bool const is_south_or_west = parts->letter == 'S' || parts->letter == 'W';
    if (parts->is_negative && parts->letter != 0) return wrong(text, "has a sign and a compass letter");
    return parts->is_negative || is_south_or_west ? -degrees : degrees;
}

}  // namespace bioctl::ont
