#include "lib/notify/address.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/base/text.hpp"

namespace bioctl::notify {

Result<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        auto const digits = text.substr(i + 1, 2);
        unsigned byte = 0;
        auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (digits.size() != 2 || error != std::errc{} || end != digits.data() + digits.size())
            return failure(Kind::usage, fmt::format("'{}': a % is followed by two hexadecimal digits", printable(text)));
        decoded += static_cast<char>(byte);
        i += 2;
    }
    auto const is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; };
    if (std::ranges::any_of(decoded, is_control))
        return failure(Kind::usage, fmt::format("'{}' holds a control character", printable(text)));
    return decoded;
}

Result<Split> split_address(std::string_view address, std::vector<std::string_view> const& known) {
    auto const mark = address.find('?');
    Split result{.base = address.substr(0, mark)};
    if (mark == std::string_view::npos) return result;
    for (auto const& part : split(address.substr(mark + 1), '&')) {
        if (part.empty()) continue;
        auto const equals = part.find('=');
        auto const name = part.substr(0, equals);
        if (std::ranges::find(known, name) == known.end() || equals == std::string::npos) {
            return failure(Kind::usage, fmt::format("'{}' is no parameter of this address{} it takes {}", printable(name),
                                                    did_you_mean(name, known), fmt::join(known, ", ")));
        }
        auto value = percent_decoded(std::string_view{part}.substr(equals + 1));
        if (!value) return failure(value.error());
        result.parameters.push_back({name, *std::move(value)});
    }
    return result;
}

}  // namespace bioctl::notify
