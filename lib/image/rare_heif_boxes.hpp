#pragma once
// The boxes that HEIC and AVIF files are made of (ISO/IEC 14496-12, 4.2). Private to rare_heif*.cpp.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace bioctl::image {

using View = std::span<unsigned char const>;

constexpr std::uint32_t code(char const (&name)[5]) {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i)
        value = value << 8 | static_cast<unsigned char>(name[i]);
    return value;
}

inline std::uint64_t big_endian(View bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = value << 8 | bytes[at + i];
    return value;
}

/// Calls visit(type, content) for each box. A box that does not fit ends the walk: the decoder will say what is wrong.
inline void each_box(View bytes, std::function<void(std::uint32_t type, View content)> const& visit) {
    while (bytes.size() >= 8) {
        auto size = big_endian(bytes, 0, 4);
        std::size_t head = 8;
        if (size == 1 && bytes.size() >= 16) {
            size = big_endian(bytes, 8, 8);
            head = 16;
        }
        if (size == 0) size = bytes.size();
        if (size < head || size > bytes.size()) return;
        visit(static_cast<std::uint32_t>(big_endian(bytes, 4, 4)), bytes.subspan(head, static_cast<std::size_t>(size) - head));
        bytes = bytes.subspan(static_cast<std::size_t>(size));
    }
}

/// Calls visit for each box of each "meta" of the file.
inline void each_meta_box(View file, std::function<void(std::uint32_t type, View content)> const& visit) {
    constexpr std::size_t k_version_and_flags = 4;
    each_box(file, [&](std::uint32_t type, View content) {
        if (type == code("meta") && content.size() > k_version_and_flags) each_box(content.subspan(k_version_and_flags), visit);
    });
}

}  // namespace bioctl::image
