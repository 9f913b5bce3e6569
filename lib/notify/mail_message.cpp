#include "lib/notify/mail_message.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/base/bytes.hpp"
#include "lib/base/text.hpp"

namespace bioctl::notify {

namespace {

constexpr std::size_t k_line = 76;
constexpr std::size_t k_longest_plain = 60;     // with "Subject: " within a line
constexpr std::size_t k_bytes_of_word = 42;     // 56 of base64: 68 with its frame, 77 with "Subject: "
constexpr std::size_t k_longest_subject = 500;  // bytes; the text has the title too

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// At most so many bytes of whole characters.
std::string_view start_of(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && is_continuation(text[bytes]))
        --bytes;
    return text.substr(0, bytes);
}

/// "Sat, 21 Nov 2026 07:15:00 +0000"; strftime would use the language of the process.
std::string date_of(Timestamp now) {
    constexpr std::array k_days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const seconds = static_cast<std::time_t>(to_ms(now) / 1000);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", k_days.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                       k_months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                       utc.tm_sec);
}

std::string in_lines(std::string_view base64) {
    std::string lines;
    for (std::size_t at = 0; at < base64.size(); at += k_line)
        lines += fmt::format("{}\r\n", base64.substr(at, k_line));
    return lines;
}

/// The lines of a text end in CRLF too before they are encoded.
std::string with_crlf(std::string_view text) {
    std::string result;
    for (char const c : text) {
        if (c == '\n') result += '\r';
        result += c;
    }
    return result;
}

}  // namespace

std::string header_text(std::string_view text) {
    auto line = to_valid_utf8(text);
    std::ranges::replace_if(
        line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }, ' ');
    line = std::string{start_of(trim(line), k_longest_subject)};
    bool const is_ascii = std::ranges::all_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    // "=?" would be taken for an encoded word.
    if (is_ascii && line.size() <= k_longest_plain && line.find("=?") == std::string::npos) return line;
    std::string words;
    for (std::string_view rest = line; !rest.empty();) {
        auto const piece = start_of(rest, k_bytes_of_word);
        words += fmt::format("{}=?UTF-8?B?{}?=", words.empty() ? "" : "\r\n ", to_base64(as_bytes(piece)));
        rest.remove_prefix(piece.size());
    }
    return words;
}

std::string mail_message(Notification const& notification, std::string const& from, std::vector<std::string> const& to,
                         std::string_view idempotency_key, Timestamp now) {
    auto const domain = from.substr(from.find('@') + 1);
    return fmt::format(
        "From: <{}>\r\n"
        "To: <{}>\r\n"
        "Subject: {}\r\n"
        "Date: {}\r\n"
        "Message-ID: <{}@{}>\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        "\r\n"
        "{}",
        from, fmt::join(to, ">,\r\n <"), header_text(notification.title), date_of(now), idempotency_key, domain,
        in_lines(to_base64(as_bytes(with_crlf(to_text(notification) + '\n')))));
}

}  // namespace bioctl::notify
