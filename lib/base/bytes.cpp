#include "lib/base/bytes.hpp"

#include <new>

#define OPENSSL_SUPPRESS_DEPRECATED  // SHA256_*: EVP reads a configuration and costs each process 1.7 ms
#include <openssl/sha.h>
#include <sodium.h>

namespace bioctl {

namespace {

unsigned char const* raw(ByteView data) {
    return reinterpret_cast<unsigned char const*>(data.data());
}
unsigned char* raw(Sha256& digest) {
    return reinterpret_cast<unsigned char*>(digest.bytes.data());
}

// OpenSSL's, not libsodium's: it uses the processor's instructions for SHA, a fifth of the time for a photo of some megabytes.
SHA256_CTX* state_of(std::array<std::byte, 128>& storage) {
    static_assert(sizeof(SHA256_CTX) <= sizeof(storage));
    static_assert(alignof(SHA256_CTX) <= 64);
    return std::launder(reinterpret_cast<SHA256_CTX*>(storage.data()));
}

}  // namespace

Sha256 sha256(ByteView data) {
    Sha256Stream stream;
    stream.add(data);
    return stream.finish();
}

std::string to_hex(ByteView data) {
    std::string text(data.size() * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), raw(data), data.size());
    text.pop_back();
    return text;
}

std::string to_base64(ByteView data) {
    std::string text(sodium_base64_ENCODED_LEN(data.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), raw(data), data.size(), sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();
    return text;
}

Result<Bytes> from_base64(std::string_view text) {
    while (!text.empty() && (text.back() == '=' || text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.remove_suffix(1);
    Bytes data(text.size() / 4 * 3 + 3);
    std::size_t size = 0;
    char const* end = nullptr;
    int const code = sodium_base642bin(reinterpret_cast<unsigned char*>(data.data()), data.size(), text.data(), text.size(),
                                       "\r\n\t ", &size, &end, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    if (code != 0 || end != text.data() + text.size()) return failure(Kind::data, "this is not base64");
    data.resize(size);
    return data;
}

Sha256Stream::Sha256Stream() {
    SHA256_Init(::new (m_state.data()) SHA256_CTX);
}

void Sha256Stream::add(ByteView data) {
    SHA256_Update(state_of(m_state), data.data(), data.size());
}

Sha256 Sha256Stream::finish() {
    Sha256 digest;
    SHA256_Final(raw(digest), state_of(m_state));
    return digest;
}

}  // namespace bioctl
