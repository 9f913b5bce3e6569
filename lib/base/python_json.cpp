#include "lib/base/python_json.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl {

namespace {

void append_escape(std::string& text, char32_t code) {
    constexpr char32_t k_first_pair = 0x10000, k_high = 0xd800, k_low = 0xdc00, k_ten_bits = 0x3ff;
    if (code < k_first_pair) {
        text += fmt::format("\\u{:04x}", static_cast<unsigned>(code));
        return;
    }
    code -= k_first_pair;
    append_escape(text, k_high + (code >> 10U));
    append_escape(text, k_low + (code & k_ten_bits));
}

void append_ascii(std::string& text, char c) {
    switch (c) {
        case '"': text += "\\\""; break;
        case '\\': text += "\\\\"; break;
        case '\b': text += "\\b"; break;
        case '\f': text += "\\f"; break;
        case '\n': text += "\\n"; break;
        case '\r': text += "\\r"; break;
        case '\t': text += "\\t"; break;
        default:
            if (c >= ' ' && c <= '~') {
                text += c;
            } else {
                append_escape(text, static_cast<unsigned char>(c));
            }
    }
}

/// Of valid UTF-8: the code point that begins at `at`, which is moved behind it.
char32_t take_code(std::string_view text, std::size_t& at) {
    auto const byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[i])); };
    auto const first = byte(at);
    std::size_t const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    char32_t code = more == 0 ? first : first & (0x3fU >> more);
    for (std::size_t i = 1; i <= more; ++i)
        code = code << 6U | (byte(at + i) & 0x3fU);
    at += more + 1;
    return code;
}

}  // namespace

std::string python_float(double value) {
    if (!std::isfinite(value)) return "null";
    auto const size = std::abs(value);
    bool const is_plain = size == 0 || (size >= 1e-4 && size < 1e16);
    std::array<char, 64> text{};
    auto const [end, error] = std::to_chars(text.data(), text.data() + text.size(), value,
                                            is_plain ? std::chars_format::fixed : std::chars_format::scientific);
    if (error != std::errc{}) return "null";
    std::string number{text.data(), end};
    if (is_plain && number.find('.') == std::string::npos) number += ".0";
    return number;
}

void append_ascii_string(std::string& text, std::string_view value) {
    constexpr char32_t k_first_of_more_bytes = 0x80;
    std::string repaired;
    if (!is_utf8(value)) value = repaired = to_valid_utf8(value);
    text += '"';
    for (std::size_t at = 0; at < value.size();) {
        auto const code = take_code(value, at);
        if (code < k_first_of_more_bytes) {
            append_ascii(text, static_cast<char>(code));
        } else {
            append_escape(text, code);
        }
    }
    text += '"';
}

}  // namespace bioctl
