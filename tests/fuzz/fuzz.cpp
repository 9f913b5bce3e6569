#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "lib/base/text.hpp"

namespace bioctl::fuzz {

void require(bool holds, std::string_view claim) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(claim.size()), claim.data());
    std::abort();
}

void require_message(std::string_view message) {
    auto const is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; };
    if (!message.empty() && is_utf8(message) && std::ranges::none_of(message, is_control)) return;
    require(false, "a message is one line of UTF-8: \"" + printable(message) + '"');
}

}  // namespace bioctl::fuzz
