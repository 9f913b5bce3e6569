#include "cmd/ui/render.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::ui {

namespace {

struct Range {
    char32_t first, last;
};

// Unicode 15, EastAsianWidth W and F, neighbouring blocks merged.
constexpr std::array k_wide{Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x23E9, 0x23EC},   Range{0x2E80, 0x303E},
                            Range{0x3041, 0xA4CF},   Range{0xA960, 0xA97C},   Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},
                            Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x16FE0, 0x18AFF},
                            Range{0x1B000, 0x1B2FB}, Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF},
                            Range{0x20000, 0x3FFFD}};

// Combining marks of the scripts that names come in, joiners and variation selectors.
constexpr std::array k_zero{Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD}, Range{0x064B, 0x065F},
                            Range{0x0E31, 0x0E31}, Range{0x0E34, 0x0E3A}, Range{0x0E47, 0x0E4E}, Range{0x1AB0, 0x1AFF},
                            Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F}, Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F},
                            Range{0xFE20, 0xFE2F}};

template <class Ranges>
bool is_in(char32_t character, Ranges const& ranges) {
    auto const next =
        std::upper_bound(ranges.begin(), ranges.end(), character, [](char32_t c, Range const& range) { return c < range.first; });
    return next != ranges.begin() && character <= std::prev(next)->last;
}

/// Takes one character off valid UTF-8.
char32_t take_character(std::string_view& text) {
    auto const first = static_cast<unsigned char>(text.front());
    std::size_t const length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    auto character = static_cast<char32_t>(length == 1 ? first : first & (0xFFU >> (length + 1)));
    for (std::size_t i = 1; i < length && i < text.size(); ++i)
        character = (character << 6) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    text.remove_prefix(std::min(length, text.size()));
    return character;
}

void append_listed(std::string& list, Value const& value) {
    if (!list.empty()) list += ',';
    list += to_text(value);
}

struct ToText {
    std::string operator()(std::monostate) const { return "-"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(double value) const { return fmt::format("{}", value); }
    std::string operator()(Value::Decimal const& value) const {
        auto text = fmt::format("{:.{}f}", value.value, value.places);
        bool const is_zero = text.find_first_not_of("-0.") == std::string::npos;
        return is_zero && text.front() == '-' ? text.substr(1) : text;
    }
    std::string operator()(std::string const& value) const { return printable(value); }
    std::string operator()(Value::Array const& values) const {
        std::string text;
        for (auto const& value : values)
            append_listed(text, value);
        return text;
    }
    std::string operator()(Value::Object const& fields) const {
        std::string text;
        for (auto const& [name, value] : fields)
            append_listed(text, value);
        return text;
    }
};

}  // namespace

std::string to_text(Value const& value) {
    return std::visit(ToText{}, value.variant());
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        auto const character = take_character(text);
        if (!is_in(character, k_zero)) width += is_in(character, k_wide) ? 2 : 1;
    }
    return width;
}

}  // namespace bioctl::ui
