#pragma once
// Text helpers for messages and parsers. Strings from outside may hold any bytes; what is printed is valid UTF-8.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bioctl {

[[nodiscard]] bool is_utf8(std::string_view text);

/// Invalid bytes become U+FFFD, one for each byte.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

/// For one line of a message or of tab-separated output: valid UTF-8 without control characters. Those become \n, \t, \r or
/// \xHH, a backslash becomes \\, and bytes that are not UTF-8 become \xHH, so that two names never look the same.
[[nodiscard]] std::string printable(std::string_view text);

/// As one word for a shell, to be pasted: plain if it can be, else in single quotes.
[[nodiscard]] std::string shell_word(std::string_view text);

/// Without ASCII blanks at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string to_lower_ascii(std::string_view text);
/// The parts between separators, empty ones included: "a,,b" has three, "" has one.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);

/// Optimal string alignment distance (insert, delete, replace, swap of neighbours), bytes.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word` when it is near enough to be a typing slip (distance <= 1 + length / 4), else "".
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<std::string_view const> candidates);

/// What joins "unknown verb 'recogniz'" to the advice that follows: "; did you mean 'recognize'?", or ";" if no candidate is
/// near.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<std::string_view const> candidates);

/// "1 person", "3 people": a number and what it counts.
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view one, std::string_view many);

/// Shell-style size: "123", "64k", "50M", "2G" (powers of 1024, either case); throws Error{Kind::usage} otherwise.
[[nodiscard]] std::uint64_t parse_size(std::string_view text);

/// "1.5 MB", "320 kB" (powers of 1000), for people.
[[nodiscard]] std::string human_size(std::uint64_t bytes);

}  // namespace bioctl
