#include "lib/base/vault.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <sodium.h>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/base/file_copy.hpp"
#include "lib/base/seal.hpp"
#include "lib/base/text.hpp"

namespace bioctl {

namespace {

static_assert(Vault::k_key_bytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(Vault::k_key_bytes == crypto_secretstream_xchacha20poly1305_KEYBYTES);
static_assert(Vault::k_key_bytes == crypto_stream_xchacha20_KEYBYTES);
static_assert(Vault::k_page_extra == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES);

constexpr std::string_view k_file_magic = "bioctl-sealed-1\n";
constexpr std::string_view k_envelope_magic = "bioctl-envelope-1";
constexpr std::size_t k_stream_header = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr std::size_t k_stream_extra = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::uint64_t k_longest_envelope = 1024;

struct Folders {
    std::mutex mutex;
    VaultKey key;
    std::map<fs::path, std::shared_ptr<Vault const>> opened;  ///< by the path without links and dots
};

Folders& folders() {
    static Folders all;
    return all;
}

unsigned char* raw(std::byte* bytes) {
    return reinterpret_cast<unsigned char*>(bytes);
}

unsigned char const* raw(std::byte const* bytes) {
    return reinterpret_cast<unsigned char const*>(bytes);
}

std::string shown(fs::path const& path) {
    return printable(path.string());
}

fs::path folder_of(fs::path const& data_dir) {
    std::error_code error;
    auto known = fs::weakly_canonical(fs::absolute(data_dir), error);
    return error ? fs::absolute(data_dir) : known;
}

struct Envelope {
    std::string key_id;  ///< of the key that it was sealed with
    Bytes sealed;
};

Envelope read_envelope(fs::path const& file) {
    auto const content = read_file(file, k_longest_envelope).or_throw();
    auto const words = split(trim(as_text(content)), ' ');
    auto sealed = words.size() == 3 ? from_base64(words[2]) : failure(Kind::data, "");
    if (!sealed || words[0] != k_envelope_magic) {
        throw Error{Kind::data,
                    fmt::format("{}: is damaged, and nothing in its folder can be read without it; bring it back from "
                                "a backup",
                                shown(file))};
    }
    return {words[1], *std::move(sealed)};
}

[[noreturn]] void throw_no_key(fs::path const& data_dir, std::string_view why) {
    throw Error{Kind::permission, fmt::format("{} is sealed, and {}; see SEALING in bioctl-security(7)", shown(data_dir), why)};
}

SealKey load_key(fs::path const& data_dir, VaultKey const& key) {
    if (key.file.empty()) throw_no_key(data_dir, "no key was named: set store_key_file, or BIOCTL_STORE_KEY_FILE");
    try {
        return SealKey::load(key.file, key.is_readable_by_group ? SealKey::Readers::group : SealKey::Readers::owner);
    } catch (Error const& error) {
        if (error.kind() == Kind::config) throw;
        throw_no_key(data_dir, fmt::format("its key cannot be read: {}", error.message()));
    }
}

std::string open_envelope(fs::path const& data_dir, VaultKey const& where) {
    auto const envelope = read_envelope(data_dir / k_envelope);
    auto const key = load_key(data_dir, where);
    auto data_key = key.open(envelope.sealed);
    if (data_key && data_key->size() == Vault::k_key_bytes) return *std::move(data_key);
    if (key.id() == envelope.key_id)
        throw Error{Kind::data, fmt::format("{}: is damaged; bring it back from a backup", shown(data_dir / k_envelope))};
    throw_no_key(data_dir, fmt::format("{} is another key ({}, wanted is {})", shown(where.file), key.id(), envelope.key_id));
}

void write_envelope(fs::path const& data_dir, SealKey const& key, std::string_view data_key) {
    auto const line = fmt::format("{} {} {}\n", k_envelope_magic, key.id(), to_base64(key.seal(data_key)));
    auto const draft = data_dir / ".bioctl-sealed.key";
    write_file(draft, as_bytes(line), Durability::synced, 0600);
    // Whoever has the old key shall not find the old envelope.
    replace_and_wipe(draft, data_dir / k_envelope);
}

void require_elsewhere(fs::path const& data_dir, fs::path const& key_file) {
    auto const inside = folder_of(key_file).lexically_relative(data_dir);
    if (!inside.empty() && *inside.begin() != "..") {
        throw Error{Kind::cannot_create,
                    fmt::format("{} lies in the folder that it is to protect; name a file elsewhere, best on "
                                "another medium",
                                shown(key_file))};
    }
}

}  // namespace

void set_vault_key(VaultKey const& key) {
    auto& all = folders();
    std::scoped_lock const lock{all.mutex};
    all.key = key;
}

bool Vault::is_sealed(fs::path const& data_dir) {
    return !is_absent(data_dir / k_envelope);
}

std::shared_ptr<Vault const> Vault::of(fs::path const& data_dir) {
    if (data_dir.empty()) return nullptr;
    auto& all = folders();
    std::scoped_lock const lock{all.mutex};
    if (!is_sealed(data_dir)) return nullptr;
    auto const folder = folder_of(data_dir);
    auto& vault = all.opened[folder];
    if (vault) return vault;
    auto key = open_envelope(folder, all.key);
    vault.reset(new Vault{key});
    sodium_memzero(key.data(), key.size());
    return vault;
}

std::shared_ptr<Vault const> Vault::create(fs::path const& data_dir, fs::path const& key_file) {
    auto const folder = folder_of(data_dir);
    if (is_sealed(folder)) throw Error{Kind::cannot_create, fmt::format("{} is sealed already", shown(folder))};
    require_elsewhere(folder, key_file);
    std::string data_key(k_key_bytes, '\0');
    randombytes_buf(data_key.data(), data_key.size());
    write_envelope(folder, SealKey::load_or_create(key_file), data_key);
    sodium_memzero(data_key.data(), data_key.size());
    set_vault_key({.file = key_file});
    return of(data_dir);
}

void Vault::change_key(fs::path const& data_dir, fs::path const& key_file) {
    auto const folder = folder_of(data_dir);
    require_elsewhere(folder, key_file);
    auto& all = folders();
    std::scoped_lock const lock{all.mutex};
    auto data_key = open_envelope(folder, all.key);
    write_envelope(folder, SealKey::load_or_create(key_file), data_key);
    sodium_memzero(data_key.data(), data_key.size());
}

void Vault::retire(fs::path const& data_dir) {
    auto const folder = folder_of(data_dir);
    auto& all = folders();
    std::scoped_lock const lock{all.mutex};
    fs::rename(folder / k_envelope, folder / k_retired_envelope);
    sync_folder(folder);
    all.opened.erase(folder);
}

Vault::Vault(std::string_view key) : m_id(key_id(as_bytes(key))) {
    // Chooses the fastest code for this machine; without it only the slow one is used.
    if (sodium_init() < 0) throw Error{Kind::bug, "libsodium cannot be set up"};
    std::copy(key.begin(), key.end(), m_key.begin());
}

Vault::~Vault() {
    sodium_memzero(m_key.data(), m_key.size());
}

void Vault::seal_page(std::span<std::byte> page, std::uint64_t where) const {
    auto const content = page.first(page.size() - k_page_extra);
    auto* const nonce = raw(page.last(k_page_extra).data());
    auto* const tag = nonce + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    randombytes_buf(nonce, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt_detached(raw(content.data()), tag, nullptr, raw(content.data()), content.size(),
                                                        reinterpret_cast<unsigned char const*>(&where), sizeof where, nullptr,
                                                        nonce, m_key.data());
}

bool Vault::open_page(std::span<std::byte> page, std::uint64_t where) const {
    auto const content = page.first(page.size() - k_page_extra);
    auto const extra = page.last(k_page_extra);
    auto const* const nonce = raw(extra.data());
    auto const* const tag = nonce + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached(raw(content.data()), nullptr, raw(content.data()), content.size(),
                                                            tag, reinterpret_cast<unsigned char const*>(&where), sizeof where,
                                                            nonce, m_key.data()) != 0)
        return false;
    std::ranges::fill(extra, std::byte{0});
    return true;
}

Bytes Vault::seal_file(ByteView content) const {
    Bytes sealed(k_file_magic.size() + k_stream_header + content.size() + k_stream_extra);
    std::ranges::copy(as_bytes(k_file_magic), sealed.begin());
    auto* const header = raw(sealed.data()) + k_file_magic.size();
    crypto_secretstream_xchacha20poly1305_state state;
    crypto_secretstream_xchacha20poly1305_init_push(&state, header, m_key.data());
    crypto_secretstream_xchacha20poly1305_push(&state, header + k_stream_header, nullptr, raw(content.data()), content.size(),
                                               nullptr, 0, crypto_secretstream_xchacha20poly1305_TAG_FINAL);
    sodium_memzero(&state, sizeof state);
    return sealed;
}

bool Vault::is_sealed_file(ByteView content) {
    return as_text(content).starts_with(k_file_magic);
}

bool Vault::is_sealed_file(fs::path const& file) {
    std::string begin(k_file_magic.size(), '\0');
    std::ifstream in{file, std::ios::binary};
    in.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    return begin == k_file_magic;
}

Result<Bytes> Vault::open_file(ByteView sealed) const {
    constexpr std::size_t k_least = k_file_magic.size() + k_stream_header + k_stream_extra;
    if (!is_sealed_file(sealed) || sealed.size() < k_least) return failure(Kind::data, "the sealed file is cut off");
    auto const* const header = raw(sealed.data()) + k_file_magic.size();
    Bytes content(sealed.size() - k_least);
    unsigned char tag = 0;
    crypto_secretstream_xchacha20poly1305_state state;
    bool const is_whole =
        crypto_secretstream_xchacha20poly1305_init_pull(&state, header, m_key.data()) == 0 &&
        crypto_secretstream_xchacha20poly1305_pull(&state, raw(content.data()), nullptr, &tag, header + k_stream_header,
                                                   content.size() + k_stream_extra, nullptr, 0) == 0 &&
        tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    sodium_memzero(&state, sizeof state);
    if (!is_whole) return failure(Kind::data, "the sealed file is damaged, or was sealed with another data key");
    return content;
}

EphemeralCipher::EphemeralCipher() {
    randombytes_buf(m_key.data(), m_key.size());
}

EphemeralCipher::~EphemeralCipher() {
    sodium_memzero(m_key.data(), m_key.size());
}

void EphemeralCipher::apply(std::span<std::byte> bytes, std::uint64_t offset) const {
    constexpr std::size_t k_block = 64;
    constexpr std::array<unsigned char, crypto_stream_xchacha20_NONCEBYTES> k_nonce{};  // the key is of this file alone
    auto const before = static_cast<std::size_t>(offset % k_block);
    std::vector<unsigned char> blocks(before + bytes.size());
    std::copy_n(raw(bytes.data()), bytes.size(), blocks.begin() + static_cast<std::ptrdiff_t>(before));
    crypto_stream_xchacha20_xor_ic(blocks.data(), blocks.data(), blocks.size(), k_nonce.data(), offset / k_block, m_key.data());
    std::copy_n(blocks.begin() + static_cast<std::ptrdiff_t>(before), bytes.size(), raw(bytes.data()));
    sodium_memzero(blocks.data(), blocks.size());
}

void write_private(fs::path const& data_dir, fs::path const& file, ByteView content) {
    auto const vault = Vault::of(data_dir);
    make_private_folders(file.parent_path());
    write_file(file, vault ? ByteView{vault->seal_file(content)} : content, Durability::synced, 0600);
}

Result<Bytes> read_private(fs::path const& data_dir, fs::path const& file, std::uint64_t max_bytes) {
    constexpr std::uint64_t k_extra = k_file_magic.size() + k_stream_header + k_stream_extra;
    auto content = read_file(file, max_bytes + k_extra);
    if (content && Vault::is_sealed_file(*content)) {
        auto const vault = Vault::of(data_dir);
        if (!vault) return failure(Kind::data, fmt::format("{}: is sealed, and its folder has no {}", shown(file), k_envelope));
        content = vault->open_file(*content);
        if (!content) return failure(content.error().kind(), fmt::format("{}: {}", shown(file), content.error().message()));
    }
    if (content && content->size() > max_bytes)
        return failure(Kind::data, fmt::format("{}: has more than {} bytes", shown(file), max_bytes));
    return content;
}

}  // namespace bioctl
