#include "lib/base/seal.hpp"

#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.hpp"
#include "lib/base/file_copy.hpp"
#include "lib/base/random.hpp"
#include "lib/base/text.hpp"

namespace bioctl {

namespace {

static_assert(crypto_secretbox_KEYBYTES == 32);

constexpr std::uint64_t k_longest_file = 256;

void require_private(fs::path const& file, SealKey::Readers allowed) {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0) throw_errno(printable(file.string()), errno, Kind::io);
    auto const refused = allowed == SealKey::Readers::group ? S_IWGRP | S_IRWXO : S_IRWXG | S_IRWXO;
    if ((info.st_mode & static_cast<mode_t>(refused)) == 0) return;
    throw Error{Kind::config, fmt::format("{}: others can read this key; run `chmod 600 {}`", printable(file.string()),
                                          printable(file.string()))};
}

/// False if there is a file of this name already. Complete or not there at all: link(2) gives a finished file its name.
bool create(fs::path const& file, std::string_view hex) {
    make_private_folders(file.parent_path());
    auto const draft = file.parent_path() / fmt::format(".bioctl-{}.key", random_uuid());
    write_file(draft, as_bytes(fmt::format("{}\n", hex)), Durability::synced, S_IRUSR | S_IWUSR);
    int const failed = ::link(draft.c_str(), file.c_str()) == 0 ? 0 : errno;
    ::unlink(draft.c_str());
    if (failed == EEXIST) return false;
    if (failed != 0) throw_errno(fmt::format("cannot make {}", printable(file.string())), failed, Kind::cannot_create);
    sync_folder(file.parent_path());  // before anything is sealed with it
    return true;
}

}  // namespace

SealKey SealKey::load_or_create(fs::path const& file) {
    SealKey key;
    if (is_absent(file)) {
        randombytes_buf(key.m_key.data(), key.m_key.size());
        if (create(file, to_hex(std::as_bytes(std::span{key.m_key})))) return key;
    }
    return load(file, Readers::owner);
}

SealKey SealKey::load(fs::path const& file, Readers allowed) {
    SealKey key;
    require_private(file, allowed);
    auto content = read_file(file, k_longest_file);
    if (!content) throw content.error();
    auto const hex = trim(as_text(*content));
    std::size_t bytes = 0;
    bool const is_hex = sodium_hex2bin(key.m_key.data(), key.m_key.size(), hex.data(), hex.size(), nullptr, &bytes, nullptr) == 0;
    bool const is_key = is_hex && bytes == key.m_key.size() && hex.size() == 2 * key.m_key.size();
    sodium_memzero(content->data(), content->size());
    if (!is_key) {
        throw Error{Kind::config,
                    fmt::format("{}: is no key of 64 hex digits; bring the right file back", printable(file.string()))};
    }
    return key;
}

SealKey::~SealKey() {
    sodium_memzero(m_key.data(), m_key.size());
}

std::string SealKey::id() const {
    return key_id(std::as_bytes(std::span{m_key}));
}

Bytes SealKey::seal(std::string_view secret) const {
    Bytes sealed(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + secret.size());
    auto* const nonce = reinterpret_cast<unsigned char*>(sealed.data());
    randombytes_buf(nonce, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(nonce + crypto_secretbox_NONCEBYTES, reinterpret_cast<unsigned char const*>(secret.data()),
                          secret.size(), nonce, m_key.data());
    return sealed;
}

Result<std::string> SealKey::open(ByteView sealed) const {
    constexpr std::size_t k_overhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    if (sealed.size() < k_overhead) return failure(Kind::data, "a sealed secret is cut off; set it anew");
    auto const* const nonce = reinterpret_cast<unsigned char const*>(sealed.data());
    std::string secret(sealed.size() - k_overhead, '\0');
    int const failed =
        crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(secret.data()), nonce + crypto_secretbox_NONCEBYTES,
                                   sealed.size() - crypto_secretbox_NONCEBYTES, nonce, m_key.data());
    if (failed != 0)
        return failure(Kind::config, "was sealed with another key; bring the right secret.key back, or set the secret anew");
    return secret;
}

std::string key_id(ByteView key) {
    constexpr std::string_view k_purpose = "bioctl key id";
    std::array<unsigned char, crypto_generichash_BYTES> digest{};
    crypto_generichash(digest.data(), digest.size(), reinterpret_cast<unsigned char const*>(key.data()), key.size(),
                       reinterpret_cast<unsigned char const*>(k_purpose.data()), k_purpose.size());
    return to_hex(std::as_bytes(std::span{digest})).substr(0, 16);
}

std::string hmac_sha256_hex(std::string_view key, std::string_view text) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<unsigned char const*>(key.data()), key.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<unsigned char const*>(text.data()), text.size());
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> digest{};
    crypto_auth_hmacsha256_final(&state, digest.data());
    return to_hex(std::as_bytes(std::span{digest}));
}

}  // namespace bioctl
