#include "lib/base/brief.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl {

namespace {

bool ends_with_scheme(std::string_view text) {
    constexpr std::size_t k_longest = 5;
    auto const end = to_lower_ascii(text.substr(text.size() - std::min(text.size(), k_longest)));
    return end == "https" || end.ends_with("http");
}

bool ends_address(char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`';
}

}  // namespace

std::string brief(std::string_view text, std::size_t most) {
    if (text.size() <= most) return printable(text);
    auto end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return fmt::format("{}...", printable(text.substr(0, end)));
}

std::string without_paths(std::string_view text) {
    constexpr std::string_view k_mark = "://";
    std::string kept;
    while (!text.empty()) {
        auto const mark = text.find(k_mark);
        if (mark == std::string_view::npos) break;
        auto const after = mark + k_mark.size();
        kept += text.substr(0, after);
        bool const is_address = ends_with_scheme(text.substr(0, mark));
        text.remove_prefix(after);
        if (!is_address) continue;
        auto const end = static_cast<std::size_t>(std::ranges::find_if(text, ends_address) - text.begin());
        auto word = text.substr(0, end);
        text.remove_prefix(end);
        // What ends a clause behind the address is no part of it.
        auto const last = word.find_last_not_of(":;,.)");
        auto const tail = last == std::string_view::npos ? word : word.substr(last + 1);
        auto authority = word.substr(0, word.size() - tail.size());
        authority = authority.substr(0, authority.find_first_of("/?#\\"));
        if (auto const at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
        kept += authority;
        kept += tail;
    }
    return kept.append(text);
}

}  // namespace bioctl
