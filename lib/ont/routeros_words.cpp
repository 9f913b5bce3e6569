#include "lib/ont/routeros_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::ont {

namespace {

constexpr std::size_t k_enough_read = 256;  // sentences handed out, before their room is given back

unsigned byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

/// Of the first byte: how many there are, and the bits of it that belong to the length. 0 bytes: no RouterOS sends it.
struct LengthForm {
    std::size_t bytes = 0;
    unsigned mask = 0;
};

LengthForm form_of(unsigned first) {
    if (first < 0x80) return {1, 0x7F};
    if (first < 0xC0) return {2, 0x3F};
    if (first < 0xE0) return {3, 0x1F};
    if (first < 0xF0) return {4, 0x0F};
    if (first == 0xF0) return {5, 0};
    return {};
}

// 80..9F of Windows-1252; 0 where it has no character.
constexpr std::array<char32_t, 32> k_windows{
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

void append_utf8(std::string& text, char32_t c) {
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += static_cast<char>(0xC0 | c >> 6);
        text += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        text += static_cast<char>(0xE0 | c >> 12);
        text += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        text += static_cast<char>(0x80 | (c & 0x3F));
    }
}

RouterReply::Type type_of(std::string_view word) {
    using enum RouterReply::Type;
    if (word == "!re") return row;
    if (word == "!done") return done;
    if (word == "!trap") return trap;
    if (word == "!fatal") return fatal;
    return word == "!empty" ? empty : unknown;
}

std::optional<std::int64_t> number_before(std::string_view& text) {
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    constexpr std::int64_t k_most = 1'000'000'000;
    if (error != std::errc{} || value < 0 || value > k_most) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

std::optional<std::int64_t> milliseconds_of(std::string_view& unit) {
    struct Unit {
        std::string_view name;
        std::int64_t ms;
    };
    static constexpr std::array k_units{Unit{"ms", 1},        Unit{"w", 604'800'000}, Unit{"d", 86'400'000},
                                        Unit{"h", 3'600'000}, Unit{"m", 60'000},      Unit{"s", 1000}};
    for (auto const& known : k_units) {
        if (!unit.starts_with(known.name)) continue;
        unit.remove_prefix(known.name.size());
        return known.ms;
    }
    return std::nullopt;
}

/// "04:05" behind the hours.
std::optional<std::int64_t> clock_rest(std::int64_t hours, std::string_view text) {
    if (text.size() != 6 || text[0] != ':' || text[3] != ':') return std::nullopt;
    auto minutes = text.substr(1, 2), seconds = text.substr(4);
    auto const m = number_before(minutes), s = number_before(seconds);
    if (!m || !s || !minutes.empty() || !seconds.empty() || *m > 59 || *s > 59) return std::nullopt;
    return ((hours * 60 + *m) * 60 + *s) * 1000;
}

}  // namespace

std::string encoded_length(std::uint32_t length) {
    auto const bytes = [](std::uint32_t value, int count) {
        std::string text;
        for (int shift = (count - 1) * 8; shift >= 0; shift -= 8)
            text += static_cast<char>(value >> static_cast<unsigned>(shift) & 0xFFU);
        return text;
    };
    if (length < 0x80) return bytes(length, 1);
    if (length < 0x4000) return bytes(length | 0x8000U, 2);
    if (length < 0x20'0000) return bytes(length | 0xC0'0000U, 3);
    if (length < 0x1000'0000) return bytes(length | 0xE000'0000U, 4);
    return '\xF0' + bytes(length, 4);
}

std::string encoded_sentence(Words const& words) {
    std::string bytes;
    for (auto const& word : words) {
        bytes += encoded_length(static_cast<std::uint32_t>(word.size()));
        bytes += word;
    }
    return bytes + '\0';
}

Result<void> SentenceReader::feed(std::string_view bytes) {
    if (m_failure) return failure(*m_failure);
    while (!bytes.empty()) {
        auto const taken = std::min(bytes.size(), m_wanted - m_buffer.size());
        m_buffer += bytes.substr(0, taken);
        bytes.remove_prefix(taken);
        if (m_buffer.size() < m_wanted) return {};
        auto done = take_word();
        if (!done) {
            m_failure = done.error();
            return done;
        }
    }
    return {};
}

/// The length or the word in hand is whole.
Result<void> SentenceReader::take_word() {
    if (!m_is_length) {
        m_words.push_back(std::move(m_buffer));
        m_buffer.clear();
        m_wanted = 1;
        m_is_length = true;
        return {};
    }
    auto const form = form_of(byte_at(m_buffer, 0));
    if (form.bytes == 0)
        return failure(Kind::protocol,
                       fmt::format("a word begins with byte {:02X}, which no RouterOS sends", byte_at(m_buffer, 0)));
    m_wanted = form.bytes;
    if (m_buffer.size() < m_wanted) return {};
    std::uint32_t length = byte_at(m_buffer, 0) & form.mask;
    for (std::size_t i = 1; i < form.bytes; ++i)
        length = length << 8U | byte_at(m_buffer, i);
    m_buffer.clear();
    m_wanted = 1;
    if (length == 0) {
        if (!m_words.empty()) m_ready.push_back(std::move(m_words));
        m_words.clear();
        m_sentence_bytes = 0;
        return {};
    }
    m_sentence_bytes += length;
    if (length > m_limits.word || m_sentence_bytes > m_limits.sentence || m_words.size() >= m_limits.words)
        return failure(Kind::protocol,
                       fmt::format("a sentence with a word of {} bytes is longer than any that is expected", length));
    m_wanted = length;
    m_is_length = false;
    return {};
}

std::optional<Words> SentenceReader::next() {
    if (m_taken == m_ready.size()) return std::nullopt;
    auto sentence = std::move(m_ready[m_taken++]);
    if (m_taken == m_ready.size() || m_taken == k_enough_read) {
        m_ready.erase(m_ready.begin(), m_ready.begin() + static_cast<std::ptrdiff_t>(m_taken));
        m_taken = 0;
    }
    return sentence;
}

std::string_view RouterReply::get(std::string_view name) const {
    auto const found =
        std::ranges::find(attributes, name, [](auto const& attribute) { return std::string_view{attribute.first}; });
    return found == attributes.end() ? std::string_view{} : found->second;
}

bool RouterReply::has(std::string_view name) const {
    return std::ranges::any_of(attributes, [&](auto const& attribute) { return attribute.first == name; });
}

RouterReply reply_from(Words const& words) {
    RouterReply reply;
    if (words.empty()) return reply;
    reply.type = type_of(words.front());
    for (auto word = words.begin() + 1; word != words.end(); ++word) {
        if (word->starts_with(".tag=")) {
            reply.tag = word->substr(5);
        } else if (word->starts_with('=')) {
            // The value may hold further signs; some firmware leaves out the second one.
            auto const sign = word->find('=', 1);
            auto const value = sign == std::string::npos ? std::string{} : word->substr(sign + 1);
            reply.attributes.emplace_back(word->substr(1, sign == std::string::npos ? sign : sign - 1), value);
        } else if (reply.text.empty()) {
            reply.text = *word;
        }
    }
    return reply;
}

std::optional<std::chrono::milliseconds> router_duration(std::string_view text) {
    if (text.empty()) return std::nullopt;
    std::int64_t total = 0;
    while (!text.empty()) {
        auto const number = number_before(text);
        if (!number) return std::nullopt;
        if (text.starts_with(':')) {
            auto const rest = clock_rest(*number, text);
            if (!rest) return std::nullopt;
            return std::chrono::milliseconds{total + *rest};
        }
        auto const unit = milliseconds_of(text);
        if (!unit) return std::nullopt;
        total += *number * *unit;
        constexpr std::int64_t k_longest = 1'000'000'000'000'000;  // thousands of years: somebody plays with us
        if (total > k_longest) return std::nullopt;
    }
    return std::chrono::milliseconds{total};
}

std::string router_text(std::string_view bytes, std::size_t most) {
    auto const is_later_byte = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
    constexpr std::size_t k_longest_character = 4;
    if (bytes.size() > most) {
        // Half a character at the cut must not make Windows-1252 of the whole.
        auto whole = most;
        while (whole > 0 && most - whole < k_longest_character && is_later_byte(bytes[whole]))
            --whole;
        bool const is_text = !is_later_byte(bytes[whole]) && is_utf8(bytes.substr(0, whole));
        bytes = bytes.substr(0, is_text ? whole : most);
    }
    if (is_utf8(bytes)) return std::string{bytes};
    std::string text;
    for (char const c : bytes) {
        auto const byte = static_cast<unsigned char>(c);
        char32_t character = byte;
        if (byte >= 0x80 && byte < 0xA0) character = k_windows[byte - 0x80U] != 0 ? k_windows[byte - 0x80U] : 0xFFFD;
        append_utf8(text, character);
    }
    return text;
}

}  // namespace bioctl::ont
