#include "tests/fuzz/mutator.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace bioctl::fuzz {

using namespace std::string_view_literals;

namespace {

/// What parsers stumble over.
constexpr std::array k_words{"\0"sv,
                             "\xFF"sv,
                             "\xFF\xFF\xFF\xFF"sv,
                             "\x7F\xFF\xFF\xFF"sv,
                             "\x80\0\0\0"sv,
                             "\0\0\0\x80"sv,
                             "\xED\xA0\x80"sv,
                             "\xC2\x9B"sv,
                             "\xF4\x90\x80\x80"sv,
                             "\r\n"sv,
                             "\n\n"sv,
                             "\x1B[31m"sv,
                             "\""sv,
                             "\\"sv,
                             "\\u0000"sv,
                             "\\uD800"sv,
                             "{"sv,
                             "}"sv,
                             "["sv,
                             "]"sv,
                             "{}"sv,
                             "[]"sv,
                             "[[[[[[[["sv,
                             "null"sv,
                             "true"sv,
                             "<"sv,
                             ">"sv,
                             "</"sv,
                             "&#0;"sv,
                             "&amp;"sv,
                             "<![CDATA["sv,
                             "{{"sv,
                             "}}"sv,
                             "|json"sv,
                             ","sv,
                             ";"sv,
                             ":"sv,
                             "="sv,
                             "%00"sv,
                             "%"sv,
                             "/../"sv,
                             "@"sv,
                             "-"sv,
                             "."sv,
                             " "sv};

constexpr std::array k_numbers{"0"sv,
                               "-1"sv,
                               "1"sv,
                               "60"sv,
                               "255"sv,
                               "256"sv,
                               "65535"sv,
                               "65536"sv,
                               "2147483647"sv,
                               "2147483648"sv,
                               "-2147483648"sv,
                               "4294967295"sv,
                               "4294967296"sv,
                               "9223372036854775807"sv,
                               "9223372036854775808"sv,
                               "-9223372036854775808"sv,
                               "18446744073709551615"sv,
                               "18446744073709551616"sv,
                               "1e308"sv,
                               "1e999"sv,
                               "-0.0"sv,
                               "0.1"sv,
                               "0x7fffffff"sv,
                               "NaN"sv,
                               "00000000000000000000000000000001"sv};

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

std::string Mutator::make(std::uint64_t seed, std::uint64_t number) {
    constexpr std::size_t k_most_changes = 8;
    constexpr std::uint64_t k_golden = 0x9E3779B97F4A7C15;  // spreads the seeds, so that two do not make the same inputs
    m_random.seed(seed * k_golden + number);
    auto text = m_inputs[below(m_inputs.size())];
    for (auto changes = 1 + below(k_most_changes); changes > 0; --changes)
        change(text);
    if (text.size() > m_max_len) text.resize(m_max_len);
    return text;
}

std::string_view Mutator::part_of(std::string_view text, std::size_t most) {
    auto const from = below(text.size() + 1);
    return text.substr(from, 1 + below(std::min(text.size() - from, most)));
}

void Mutator::change(std::string& text) {
    constexpr std::size_t k_longest_part = 64;
    auto const at = below(text.size() + 1);
    bool const is_inside = at < text.size();
    enum Way { flip, set, step, erase, insert, repeat, cut, splice, word, over, number, ways };
    switch (below(ways)) {
        case flip:
            if (is_inside) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
            return;
        case set:
            if (is_inside) text[at] = static_cast<char>(m_random());
            return;
        case step:
            if (is_inside) text[at] = static_cast<char>(text[at] + (below(2) == 0 ? 1 : -1));
            return;
        case erase: text.erase(at, 1 + below(k_longest_part)); return;
        case insert: text.insert(at, 1 + below(4), static_cast<char>(m_random())); return;
        case repeat: {
            std::string const part{part_of(text, k_longest_part)};
            for (auto times = 1 + below(8); times > 0; --times)
                text.insert(std::min(at, text.size()), part);
            return;
        }
        case cut:
            if (below(4) == 0) text.resize(at);
            return;
        case splice: text.insert(at, part_of(m_inputs[below(m_inputs.size())], 4 * k_longest_part)); return;
        case word: text.insert(at, k_words.at(below(k_words.size()))); return;
        case over: {
            auto const with = k_words.at(below(k_words.size()));
            text.replace(at, with.size(), with);
            return;
        }
        default: change_number(text);
    }
}

void Mutator::change_number(std::string& text) {
    auto const begin = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(below(text.size() + 1)), text.end(), &is_digit);
    auto const end = std::find_if_not(begin, text.end(), &is_digit);
    text.replace(begin, end, k_numbers.at(below(k_numbers.size())));
}

}  // namespace bioctl::fuzz
