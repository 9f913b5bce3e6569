#pragma once
// Numbers as people write them in settings.

#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>

namespace bioctl::config {

/// The whole text as a number, independent of the locale.
template <class Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    auto const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return number;
}

/// "500ms", "10s", "2m": a whole number and its unit, up to one hour. The unit is not optional: nobody should have to guess it.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace bioctl::config
