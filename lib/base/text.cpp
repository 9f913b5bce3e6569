#include "lib/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "lib/base/error.hpp"

namespace bioctl {

namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

/// Bytes of the UTF-8 character that text begins with, 0 if it begins with none (RFC 3629: no overlong forms, no surrogates).
std::size_t utf8_length(std::string_view text) {
    auto const first = byte_at(text, 0);
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    std::size_t const length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte_at(text, i) & 0xC0) != 0x80) return 0;
    }
    auto const second = byte_at(text, 1);
    bool const is_overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    bool const is_surrogate = first == 0xED && second > 0x9F;
    bool const is_beyond_unicode = first == 0xF4 && second > 0x8F;
    return is_overlong || is_surrogate || is_beyond_unicode ? 0 : length;
}

/// Calls `valid(character)` and `invalid(byte)` for the pieces of a text, in order.
template <class Valid, class Invalid>
void for_each_character(std::string_view text, Valid valid, Invalid invalid) {
    while (!text.empty()) {
        auto const length = utf8_length(text);
        if (length == 0) {
            invalid(text.front());
        } else {
            valid(text.substr(0, length));
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
}

std::string escaped(char byte) {
    switch (byte) {
        case '\n': return "\\n";
        case '\t': return "\\t";
        case '\r': return "\\r";
        case '\\': return "\\\\";
        default: return fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
}

// C0, DEL and C1: terminals obey U+009B (the two bytes C2 9B) like ESC [.
bool needs_escape(std::string_view character) {
    auto const first = byte_at(character, 0);
    return first < 0x20 || first == 0x7F || first == '\\' || (first == 0xC2 && byte_at(character, 1) < 0xA0);
}

}  // namespace

bool is_utf8(std::string_view text) {
    bool is_valid = true;
    for_each_character(
        text, [](std::string_view) {}, [&](char) { is_valid = false; });
    return is_valid;
}

std::string to_valid_utf8(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for_each_character(
        text, [&](std::string_view character) { result += character; }, [&](char) { result += "\uFFFD"; });
    return result;
}

std::string shell_word(std::string_view text) {
    auto const is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"._-/:@%+="}.find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80;
    };
    if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return printable(text);
    std::string quoted = "'";
    for (char const c : text)
        quoted += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return printable(quoted) + "'";
}

std::string printable(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    auto const escape = [&](char byte) { result += escaped(byte); };
    auto const keep = [&](std::string_view character) {
        if (needs_escape(character)) {
            std::for_each(character.begin(), character.end(), escape);
        } else {
            result += character;
        }
    };
    for_each_character(text, keep, escape);
    return result;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view k_blank = " \t\r\n\f\v";
    auto const first = text.find_first_not_of(k_blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(k_blank) - first + 1);
}

std::string to_lower_ascii(std::string_view text) {
    std::string result{text};
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        auto const end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);  // two rows above the current one, for swaps
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::swap(before, above);
        std::swap(above, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            bool const is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (is_swap) row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row[b.size()];
}

std::string_view nearest(std::string_view word, std::span<std::string_view const> candidates) {
    constexpr std::size_t k_longest = 256;
    std::string_view best;
    // The work grows with the square of the length, and nobody slips in a word this long.
    if (word.size() > k_longest) return best;
    // Numbers that are near mean somebody else.
    if (word.find_first_not_of("0123456789") == std::string_view::npos) return best;
    auto least = 1 + word.size() / 4 + 1;
    for (auto const candidate : candidates) {
        // So many letters have to come or go at least.
        auto const gap = std::max(word.size(), candidate.size()) - std::min(word.size(), candidate.size());
        if (gap >= least) continue;
        auto const distance = edit_distance(word, candidate);
        if (distance >= least) continue;
        least = distance;
        best = candidate;
    }
    return best;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string did_you_mean(std::string_view word, std::span<std::string_view const> candidates) {
    auto const near = nearest(word, candidates);
    return near.empty() ? ";" : fmt::format("; did you mean '{}'?", near);
}

namespace {

/// Bits to shift for a unit of parse_size, -1 for no unit.
int shift_of(std::string_view unit) {
    if (unit.empty()) return 0;
    if (unit == "k") return 10;
    if (unit == "m") return 20;
    if (unit == "g") return 30;
    return -1;
}

}  // namespace

std::uint64_t parse_size(std::string_view text) {
    std::uint64_t value = 0;
    auto const* const end = text.data() + text.size();
    auto const [rest, error] = std::from_chars(text.data(), end, value);
    int const shift = shift_of(to_lower_ascii({rest, static_cast<std::size_t>(end - rest)}));
    if (error == std::errc::invalid_argument || shift < 0) {
        throw Error{Kind::usage, fmt::format("'{}' is not a size; write it like 1500, 64k, 50M or 2G", printable(text))};
    }
    if (error != std::errc{} || value > (std::numeric_limits<std::uint64_t>::max() >> shift)) {
        throw Error{Kind::usage, fmt::format("'{}' is larger than any file can be", printable(text))};
    }
    return value << shift;
}

std::string human_size(std::uint64_t bytes) {
    if (bytes < 1000) return fmt::format("{} B", bytes);
    constexpr std::array<std::string_view, 6> k_units{"kB", "MB", "GB", "TB", "PB", "EB"};
    auto value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < k_units.size()) {
        value /= 1000;
        ++unit;
    }
    return value < 9.95 ? fmt::format("{:.1f} {}", value, k_units[unit]) : fmt::format("{:.0f} {}", value, k_units[unit]);
}

}  // namespace bioctl
