#pragma once
// A data folder that is sealed: what lies in it can only be read with a key that lies elsewhere.
//
// The folder is encrypted with a data key that never changes. <folder>/sealed.key holds the data key, itself sealed with the key
// of the key file, so that another key file needs one small file written anew and not every picture. Lose either, and all is
// lost.

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "lib/base/bytes.hpp"
#include "lib/base/result.hpp"

namespace bioctl {

namespace fs = std::filesystem;

inline constexpr char const* k_envelope = "sealed.key";
/// Of a folder that was opened again: worth keeping until it is sure that nothing sealed was overlooked.
inline constexpr char const* k_retired_envelope = "sealed.key.opened";

/// Where the key of sealed folders is; for the whole process, and set before the first of them is opened.
struct VaultKey {
    fs::path file{};                    ///< 64 hex digits; "" if none was named
    bool is_readable_by_group = false;  ///< systemd's credentials are: their folder is what protects them
};
void set_vault_key(VaultKey const& key);

/// The data key of one folder. Immutable, so thread-safe.
class Vault {
public:
    static constexpr std::size_t k_key_bytes = 32;
    /// What a sealed page has at its end: 24 bytes nonce, 16 bytes tag.
    static constexpr std::size_t k_page_extra = 40;

    /// nullptr if the folder is not sealed, or is "". Each folder is opened once in a process, for as long as its envelope is
    /// there. Throws Error: permission if the key is not there, may not be read or is another one; data if the envelope is
    /// damaged; config if others can read the key.
    static std::shared_ptr<Vault const> of(fs::path const& data_dir);
    /// Whether there is an envelope; whether it can be opened is another question.
    static bool is_sealed(fs::path const& data_dir);

    /// Makes a data key and its envelope. The key file is made if it is not there. Throws Error: cannot_create if the folder is
    /// sealed or the key file lies below it; as of(); as write_file().
    static std::shared_ptr<Vault const> create(fs::path const& data_dir, fs::path const& key_file);
    /// Seals the data key with the key of `key_file`, which is made if it is not there. What runs goes on with the data key it
    /// has.
    static void change_key(fs::path const& data_dir, fs::path const& key_file);
    /// Puts the envelope aside: for a folder in which nothing is sealed any more.
    static void retire(fs::path const& data_dir);

    Vault(Vault const&) = delete;
    Vault& operator=(Vault const&) = delete;
    ~Vault();  ///< wipes the key

    /// Tells data keys apart: 16 hex digits, of which the key cannot be computed.
    [[nodiscard]] std::string const& id() const { return m_id; }

    /// XChaCha20-Poly1305 (IETF) with a random nonce, in place; the last k_page_extra bytes are replaced. A page that is put
    /// somewhere else than `where` does not open.
    void seal_page(std::span<std::byte> page, std::uint64_t where) const;
    /// False if it is not what was sealed; what it holds then is nothing. The last k_page_extra bytes become zeros.
    [[nodiscard]] bool open_page(std::span<std::byte> page, std::uint64_t where) const;

    /// libsodium's secretstream behind k_file_magic.
    [[nodiscard]] Bytes seal_file(ByteView content) const;
    /// Error data if it was cut off, changed or sealed with another key.
    [[nodiscard]] Result<Bytes> open_file(ByteView sealed) const;
    static bool is_sealed_file(ByteView content);
    /// By the beginning of the file; false if it cannot be read.
    static bool is_sealed_file(fs::path const& file);

private:
    explicit Vault(std::string_view key);
    std::array<unsigned char, k_key_bytes> m_key{};
    std::string m_id;
};

/// A key stream for a file without a name that nobody reads after us: bytes can be written and read at any offset.
class EphemeralCipher {
public:
    EphemeralCipher();
    ~EphemeralCipher();
    EphemeralCipher(EphemeralCipher const&) = delete;
    EphemeralCipher& operator=(EphemeralCipher const&) = delete;
    /// `bytes` are those at `offset` of the file. Twice is once back.
    void apply(std::span<std::byte> bytes, std::uint64_t offset) const;

private:
    std::array<unsigned char, Vault::k_key_bytes> m_key{};
};

/// As write_file() with 0600 and missing folders made as make_private_folders() does: sealed if `data_dir` is.
void write_private(fs::path const& data_dir, fs::path const& file, ByteView content);
/// As read_file(), of a sealed file what was sealed, of any other what it holds. Throws Error as Vault::of().
[[nodiscard]] Result<Bytes> read_private(fs::path const& data_dir, fs::path const& file, std::uint64_t max_bytes);

}  // namespace bioctl
