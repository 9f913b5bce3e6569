#pragma once
// Secrets at rest: sealed with a key that lives in a file of its own, so that a copy of the store alone shows none of them.

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include "lib/base/bytes.hpp"
#include "lib/base/result.hpp"

namespace bioctl {

/// XSalsa20-Poly1305 (libsodium's secretbox) with a random nonce in front of each sealed text. Immutable, so thread-safe.
class SealKey {
public:
    /// Reads the key file (32 bytes as 64 hex digits and a newline), or makes it for its owner only (0600). Two processes that
    /// make it at once get the same key. Throws Error: config if the file is damaged or readable by others, cannot_create,
    /// permission, io.
    static SealKey load_or_create(std::filesystem::path const& file);
    enum class Readers { owner, group };
    /// Never makes it: no_input if it is not there, else as load_or_create(). `allowed`: who else may read it.
    static SealKey load(std::filesystem::path const& file, Readers allowed);
    SealKey(SealKey const&) = default;
    SealKey& operator=(SealKey const&) = default;
    ~SealKey();  ///< wipes the key

    /// See key_id().
    [[nodiscard]] std::string id() const;

    [[nodiscard]] Bytes seal(std::string_view secret) const;
    /// Kind::config if it was sealed with another key, Kind::data if it is damaged.
    [[nodiscard]] Result<std::string> open(ByteView sealed) const;

private:
    SealKey() = default;
    std::array<unsigned char, 32> m_key{};
};

/// 16 hex digits that tell keys apart; the key cannot be computed from them.
[[nodiscard]] std::string key_id(ByteView key);

/// HMAC-SHA256 in lower-case hex.
[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view text);

}  // namespace bioctl
