#pragma once
// Bytes, and their digest.

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.hpp"

namespace bioctl {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<std::byte const>;

[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}
[[nodiscard]] inline std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

/// 32 bytes, printed as 64 lower-case hex digits.
struct Sha256 {
    std::array<std::byte, 32> bytes{};
    auto operator<=>(Sha256 const&) const = default;
};

[[nodiscard]] Sha256 sha256(ByteView data);
[[nodiscard]] std::string to_hex(ByteView data);
[[nodiscard]] inline std::string to_hex(Sha256 const& digest) {
    return to_hex(ByteView{digest.bytes});
}
[[nodiscard]] std::string to_base64(ByteView data);
/// RFC 4648, with or without padding; white space between is skipped. Kind::data otherwise.
[[nodiscard]] Result<Bytes> from_base64(std::string_view text);

/// Digest of data that arrives in pieces (downloads). One thread per object.
class Sha256Stream {
public:
    Sha256Stream();
    void add(ByteView data);
    /// The digest of all that was added; the object is spent afterwards.
    [[nodiscard]] Sha256 finish();

private:
    alignas(64) std::array<std::byte, 128> m_state{};  // SHA256_CTX, size checked in bytes.cpp
};

}  // namespace bioctl
