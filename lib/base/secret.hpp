#pragma once
// Passwords, tokens, and how to compare them. Thread-safe.

#include <string>
#include <string_view>

namespace bioctl {

/// How a password becomes what is stored. Behind an interface, so that tests can count and need not wait.
class PasswordHasher {
public:
    virtual ~PasswordHasher() = default;
    /// A text that holds the algorithm, its cost and a salt. Error{bug} if there is not enough memory.
    [[nodiscard]] virtual std::string hash(std::string_view password) const = 0;
    /// False also for a text that is no hash.
    [[nodiscard]] virtual bool matches(std::string_view hash, std::string_view password) const = 0;
    /// A hash of the same cost that no password matches: what is asked where there is none, so that it takes as long.
    [[nodiscard]] virtual std::string_view nobody() const = 0;
};

/// argon2id as libsodium does it interactively: 64 MB and some tens of milliseconds for each call. Take turns.
[[nodiscard]] PasswordHasher const& argon2id();

/// Takes the same time wherever they differ; a difference in length shows.
[[nodiscard]] bool constant_time_equal(std::string_view a, std::string_view b);

/// 32 random bytes as 43 characters of base64url (RFC 4648, without padding).
[[nodiscard]] std::string random_token();
/// So many random characters of a-z and 2-7: five bits each.
[[nodiscard]] std::string random_id(std::size_t length);

/// Overwrites a text that held a secret.
void wipe(std::string& secret);

}  // namespace bioctl
