// Text of unknown origin on its way to a terminal.

#include <algorithm>

#include "lib/base/text.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    constexpr std::size_t k_word = 100;
    auto const text = fuzz::text_of(data, size);
    auto const valid = to_valid_utf8(text);
    fuzz::require(is_utf8(valid) && (!is_utf8(text) || valid == text), "valid text stays what it is, other becomes valid");
    if (auto const shown = printable(text); !shown.empty()) fuzz::require_message(shown);
    fuzz::require(!shell_word(text).empty(), "a word for a shell is not nothing");
    auto const half = size / 2;
    auto const first = text.substr(0, std::min(half, k_word)), second = text.substr(half).substr(0, k_word);
    fuzz::require(edit_distance(first, second) == edit_distance(second, first), "a distance has no direction");
    auto const parts = split(text, ',');
    fuzz::require(parts.size() == 1 + static_cast<std::size_t>(std::ranges::count(text, ',')), "there is a part on each side");
    return 0;
}
