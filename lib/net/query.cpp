#include "lib/net/query.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::net {

namespace {

std::optional<int> hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return std::nullopt;
}

}  // namespace

Result<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        auto const high = i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
        auto const low = high ? hex_digit(text[i + 2]) : std::nullopt;
        if (!low || *high * 16 + *low == 0)
            return failure(Kind::usage, fmt::format("'{}': after % come two hexadecimal digits; write %25 for a percent sign",
                                                    printable(text)));
        decoded += static_cast<char>(*high * 16 + *low);
        i += 2;
    }
    return decoded;
}

Result<Query> query_of(std::string_view url) {
    url = url.substr(0, url.find('#'));
    auto const mark = url.find('?');
    Query query;
    if (mark == std::string_view::npos || mark + 1 == url.size()) return query;
    for (auto const& part : split(url.substr(mark + 1), '&')) {
        auto const equals = std::min(part.find('='), part.size());
        auto name = percent_decoded(std::string_view{part}.substr(0, equals));
        auto value = percent_decoded(std::string_view{part}.substr(std::min(equals + 1, part.size())));
        if (!name) return failure(name.error());
        if (!value) return failure(value.error());
        query.emplace_back(*std::move(name), *std::move(value));
    }
    return query;
}

std::string_view without_query(std::string_view url) {
    return url.substr(0, url.find_first_of("?#"));
}

}  // namespace bioctl::net
