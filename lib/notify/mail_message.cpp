#include "lib/notify/mail_message.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/base/bytes.hpp"
#include "lib/base/text.hpp"

namespace bioctl::notify {

namespace {

constexpr std::string_view k_end = "\r\n";
constexpr std::size_t k_longest_plain_subject = 66;  // "Subject: " and this are 75 characters
constexpr std::size_t k_word_bytes = 39;             // of text in one encoded word: "Subject: =?UTF-8?B?...?=" is 73 characters
constexpr std::size_t k_base64_line = 76;

bool is_plain(std::string_view text) {
    return text.size() <= k_longest_plain_subject && text.find("=?") == std::string_view::npos && trim(text) == text &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < '\x7F'; });
}

/// The first bytes of valid UTF-8 that are whole characters.
std::size_t whole_characters(std::string_view text, std::size_t most_bytes) {
    if (text.size() <= most_bytes) return text.size();
    while (most_bytes > 0 && (static_cast<unsigned char>(text[most_bytes]) & 0xC0) == 0x80)
        --most_bytes;
    return most_bytes;
}

std::string_view domain_of(std::string_view address) {
    return address.substr(address.find('@') + 1);
}

std::string in_lines(std::string const& base64) {
    std::string lines;
    for (std::size_t at = 0; at < base64.size(); at += k_base64_line)
        lines.append(base64, at, k_base64_line).append(k_end);
    return lines;
}

/// Line feeds as mail has them.
std::string with_crlf(std::string_view text) {
    return fmt::format("{}", fmt::join(split(text, '\n'), k_end));
}

}  // namespace

std::string encoded_subject(std::string_view subject) {
    if (is_plain(subject)) return std::string{subject};
    auto const text = to_valid_utf8(subject);
    std::string words;
    for (std::string_view rest = text; !rest.empty();) {
        auto const bytes = whole_characters(rest, k_word_bytes);
        words += fmt::format("{}=?UTF-8?B?{}?=", words.empty() ? "" : "\r\n ", to_base64(as_bytes(rest.substr(0, bytes))));
        rest.remove_prefix(bytes);
    }
    return words;
}

std::string mail_date(Timestamp time) {
    constexpr std::array k_days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array k_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const day = std::chrono::floor<std::chrono::days>(time);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const clock{std::chrono::floor<std::chrono::seconds>(time - day)};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", k_days[std::chrono::weekday{day}.c_encoding()],
                       static_cast<unsigned>(date.day()), k_months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string mail_message(MailFrame const& frame, Notification const& notification) {
    std::string message;
    auto const header = [&](std::string_view name, std::string_view value) {
        message.append(name).append(": ").append(value).append(k_end);
    };
    header("Date", mail_date(frame.date));
    header("From", frame.from);
    header("To", fmt::format("{}", fmt::join(frame.to, ",\r\n ")));
    header("Message-ID", fmt::format("<{}.bioctl@{}>", frame.idempotency_key, domain_of(frame.from)));
    header("Subject", encoded_subject(notification.title.empty() ? notification.level : notification.title));
    header("Auto-Submitted", "auto-generated");
    header("X-Bioctl-Level", notification.level);
    header("MIME-Version", "1.0");
    header("Content-Type", "text/plain; charset=UTF-8");
    header("Content-Transfer-Encoding", "base64");
    message += k_end;
    return message + in_lines(to_base64(as_bytes(with_crlf(to_text(notification) + '\n'))));
}

}  // namespace bioctl::notify
