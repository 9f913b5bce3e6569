#pragma once
// Numbers at byte offsets of a hostile file.

#include <bit>
#include <cstdint>
#include <optional>

#include "lib/base/bytes.hpp"

namespace bioctl::image {

/// Unsigned numbers of one byte order; what lies beyond the end is no number. A view: the bytes must outlive it.
class Fields {
public:
    Fields(ByteView bytes, std::endian order) : m_bytes(bytes), m_order(order) {}

    [[nodiscard]] std::optional<std::uint32_t> u8(std::size_t at) const { return number<1>(at); }
    [[nodiscard]] std::optional<std::uint32_t> u16(std::size_t at) const { return number<2>(at); }
    [[nodiscard]] std::optional<std::uint32_t> u32(std::size_t at) const { return number<4>(at); }

private:
    template <std::size_t Width>
    [[nodiscard]] std::optional<std::uint32_t> number(std::size_t at) const {
        if (at > m_bytes.size() || m_bytes.size() - at < Width) return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < Width; ++i) {
            auto const next = at + (m_order == std::endian::big ? i : Width - 1 - i);
            value = value << 8 | std::to_integer<std::uint32_t>(m_bytes[next]);
        }
        return value;
    }

    ByteView m_bytes;
    std::endian m_order;
};

}  // namespace bioctl::image
