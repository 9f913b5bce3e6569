#include "lib/image/exif.hpp"

#include <optional>

#include "lib/image/fields.hpp"

namespace bioctl::image {

namespace {

using namespace std::string_view_literals;

constexpr std::uint32_t k_orientation_tag = 0x0112;
constexpr std::uint32_t k_type_short = 3;
constexpr std::size_t k_entry_size = 12;

std::optional<std::endian> byte_order(ByteView tiff) {
    auto const mark = as_text(tiff).substr(0, 4);
    if (mark == "II*\0"sv) return std::endian::little;
    if (mark == "MM\0*"sv) return std::endian::big;
    return std::nullopt;
}

// The value of the tag in the first directory; the count of entries is 16 bit, which bounds the search.
std::optional<std::uint32_t> find_orientation(Fields const& fields) {
    auto const directory = fields.u32(4);
    if (!directory) return std::nullopt;
    auto const count = fields.u16(*directory);
    for (std::size_t i = 0; i < count.value_or(0); ++i) {
        auto const entry = *directory + 2 + i * k_entry_size;
        auto const tag = fields.u16(entry);
        if (!tag) return std::nullopt;
        if (*tag != k_orientation_tag) continue;
        return fields.u16(entry + 2) == k_type_short ? fields.u16(entry + 8) : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

int exif_orientation(ByteView exif) {
    constexpr auto k_prefix = "Exif\0\0"sv;
    if (as_text(exif).starts_with(k_prefix)) exif = exif.subspan(k_prefix.size());
    auto const order = byte_order(exif);
    if (!order) return 1;
    auto const value = find_orientation(Fields{exif, *order}).value_or(1);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
}

}  // namespace bioctl::image
