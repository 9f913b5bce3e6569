#include "lib/app/cursor.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "lib/base/bytes.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr std::size_t k_longest = 1024;

tl::unexpected<Error> not_ours() {
    return failure(Kind::usage, "the cursor is not one of this list; begin without one, then hand back next_cursor as it came");
}

/// base64url without padding: goes into a URL as it is.
std::string encoded(std::string_view text) {
    auto code = to_base64(as_bytes(text));
    std::erase(code, '=');
    std::ranges::replace(code, '+', '-');
    std::ranges::replace(code, '/', '_');
    return code;
}

std::optional<std::string> decoded(std::string_view cursor) {
    auto const is_ours = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    if (cursor.empty() || cursor.size() > k_longest || !std::ranges::all_of(cursor, is_ours)) return std::nullopt;
    std::string code{cursor};
    std::ranges::replace(code, '-', '+');
    std::ranges::replace(code, '_', '/');
    auto const bytes = from_base64(code);
    // Of the spellings of one text only ours: else a client could make up cursors without end that mean the same.
    if (!bytes || encoded(as_text(*bytes)) != cursor) return std::nullopt;
    return std::string{as_text(*bytes)};
}

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return number;
}

}  // namespace

std::string cursor_of_text(std::string_view list, std::string_view text) {
    return encoded(fmt::format("{}:{}", list, text));
}

Result<std::string> text_of_cursor(std::string_view list, std::string_view cursor) {
    auto const text = decoded(cursor);
    if (!text || !is_utf8(*text) || !text->starts_with(list) || text->size() <= list.size() || (*text)[list.size()] != ':')
        return not_ours();
    return text->substr(list.size() + 1);
}

std::string cursor_of_id(std::string_view list, std::int64_t id) {
    return cursor_of_text(list, std::to_string(id));
}

Result<std::int64_t> id_of_cursor(std::string_view list, std::string_view cursor) {
    auto const text = text_of_cursor(list, cursor);
    auto const id = text ? number_of(*text) : std::nullopt;
    if (!id) return not_ours();
    return *id;
}

std::string cursor_of_time(std::string_view list, Timestamp time, std::int64_t id) {
    return cursor_of_text(list, fmt::format("{}:{}", to_ms(time), id));
}

Result<std::pair<Timestamp, std::int64_t>> time_of_cursor(std::string_view list, std::string_view cursor) {
    auto const text = text_of_cursor(list, cursor);
    if (!text) return not_ours();
    auto const parts = split(*text, ':');
    auto const time = parts.size() == 2 ? number_of(parts[0]) : std::nullopt;
    auto const id = parts.size() == 2 ? number_of(parts[1]) : std::nullopt;
    constexpr std::int64_t k_latest = 253'402'300'800'000;  // the year 10000
    if (!time || !id || *time < -k_latest || *time > k_latest) return not_ours();
    return std::pair{from_ms(*time), *id};
}

}  // namespace bioctl::app
