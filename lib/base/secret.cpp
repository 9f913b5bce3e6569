#include "lib/base/secret.hpp"

#include <array>

#include <sodium.h>

#include "lib/base/error.hpp"

namespace bioctl {

namespace {

class Argon2id final : public PasswordHasher {
public:
    // Chooses the fastest code for this machine; without it only the slow one is used.
    Argon2id() {
        if (sodium_init() < 0) throw Error{Kind::bug, "libsodium cannot be set up"};
    }

    [[nodiscard]] std::string hash(std::string_view password) const override {
        std::array<char, crypto_pwhash_STRBYTES> text{};
        int const failed = crypto_pwhash_str(text.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                             crypto_pwhash_MEMLIMIT_INTERACTIVE);
        if (failed != 0) throw Error{Kind::bug, "out of memory: hashing a password takes 64 MB"};
        return text.data();
    }

    [[nodiscard]] bool matches(std::string_view hash, std::string_view password) const override {
        // libsodium reads all of its buffer.
        std::array<char, crypto_pwhash_STRBYTES> text{};
        if (hash.size() >= text.size()) return false;
        hash.copy(text.data(), hash.size());
        return crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
    }

    [[nodiscard]] std::string_view nobody() const override {
        // Of 32 random bytes that nobody has kept. Its cost is that of hash(): a test compares them.
        return "$argon2id$v=19$m=65536,t=2,p=1$AoUD0CCApORLmbno9xZwuA$dpazVOuDwgObuLZ8SGuMx4e2KvUCWB5XyxynSDnFQHQ";
    }
};

}  // namespace

PasswordHasher const& argon2id() {
    static Argon2id const hasher;
    return hasher;
}

bool constant_time_equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_token() {
    std::array<unsigned char, 32> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    constexpr auto k_variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::array<char, sodium_base64_ENCODED_LEN(bytes.size(), k_variant)> text{};
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), k_variant);
    sodium_memzero(bytes.data(), bytes.size());
    return text.data();
}

std::string random_id(std::size_t length) {
    constexpr std::string_view k_alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    std::string id;
    for (std::size_t i = 0; i < length; ++i)
        id += k_alphabet[randombytes_uniform(static_cast<std::uint32_t>(k_alphabet.size()))];
    return id;
}

void wipe(std::string& secret) {
    sodium_memzero(secret.data(), secret.size());
    secret.clear();
}

}  // namespace bioctl
