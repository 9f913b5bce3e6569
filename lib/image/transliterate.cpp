#include "lib/image/transliterate.hpp"

#include <array>
#include <cstdint>

#include "lib/base/text.hpp"

namespace bioctl::image {

namespace {

struct Block {
    std::uint32_t first;
    std::string_view bases;
};

// Base letters after the decompositions of Unicode 15; letters without one (sharp s, l with stroke, ae) by their looks.
constexpr Block k_latin{
    0x00C0,
    "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
    "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs",
};
// Vietnamese, and what scholars use.
constexpr Block k_latin_additional{
    0x1E00,
    "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMm"
    "MmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVv"
    "WwWwWwWwWwXxXxYyZzZzZzhtwy????S?AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEe"
    "EeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy??????",
};

/// Takes one character off the front of valid UTF-8.
std::uint32_t take_character(std::string_view& text) {
    auto const first = static_cast<unsigned char>(text.front());
    std::size_t const length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    constexpr std::array<unsigned, 5> k_first_bits{0, 0x7F, 0x1F, 0x0F, 0x07};
    std::uint32_t character = first & k_first_bits[length];
    for (std::size_t i = 1; i < length; ++i)
        character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
    text.remove_prefix(length);
    return character;
}

bool is_combining(std::uint32_t character) {
    return character >= 0x0300 && character <= 0x036F;
}

char base_of(std::uint32_t character) {
    if (character >= 0x20 && character < 0x7F) return static_cast<char>(character);
    for (auto const& block : {k_latin, k_latin_additional}) {
        if (character >= block.first && character - block.first < block.bases.size()) return block.bases[character - block.first];
    }
    return '?';
}

}  // namespace

std::string transliterate(std::string_view text) {
    auto const valid = to_valid_utf8(text);
    std::string result;
    for (std::string_view rest = valid; !rest.empty();) {
        auto const character = take_character(rest);
        if (!is_combining(character)) result += base_of(character);
    }
    return result;
}

}  // namespace bioctl::image
