#pragma once
// Writes the boxes of HEIC and AVIF files, also those that no encoder writes.

#include <cstdint>
#include <string>

namespace bioctl::image::test {

/// Big-endian.
inline std::string number(std::uint64_t value, int bytes) {
    std::string result;
    for (int i = bytes - 1; i >= 0; --i)
        result += static_cast<char>(value >> (8 * i) & 0xFF);
    return result;
}

inline std::string box(std::string const& type, std::string const& content) {
    return number(content.size() + 8, 4) + type + content;
}

}  // namespace bioctl::image::test
