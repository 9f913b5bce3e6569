#pragma once
// Accounts: people who log in with a name and a password. Every change is in the audit log, in the same transaction.
//
// Hashing a password takes 64 MB and tens of milliseconds on purpose. All functions here that do so take turns within a process,
// whatever the number of threads; whoever waits for more than five seconds gets Error{busy}.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/audit.hpp"
#include "lib/app/principal.hpp"
#include "lib/base/clock.hpp"
#include "lib/base/secret.hpp"
#include "lib/store/accounts.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

inline constexpr std::size_t k_least_password = 10;      ///< characters
inline constexpr std::size_t k_longest_password = 1024;  ///< bytes

/// 10 characters to 1024 bytes, and not the name. Kind::data says what is wrong, and never shows the password.
[[nodiscard]] Result<void> check_password(std::string_view name, std::string_view password);

/// A name has 1 to 64 of a-z, A-Z, 0-9 and ._@-, and begins with a letter or a digit; case does not tell two names apart.
/// role  admin, operator, viewer
/// Throws Error{usage} for the name and the role, {data} for the password and a name that is taken.
store::Account add_account(store::Store& store, Clock const& clock, Actor const& actor, std::string_view name,
                           std::string_view role, std::string_view password, PasswordHasher const& hasher = argon2id());

/// Ends all sessions of the account, and what its name was held back by. Throws as add_account, {no_input} if there is none.
store::Account set_password(store::Store& store, Clock const& clock, Actor const& actor, std::string_view name,
                            std::string_view password, PasswordHasher const& hasher = argon2id());

enum class LastAdmin { keep, let_go };

/// Disabling ends all sessions of the account. Throws Error{no_input} if there is none; {permission} if no enabled admin would be
/// left, unless that is wanted. Doing it twice changes and records nothing.
store::Account set_enabled(store::Store& store, Clock const& clock, Actor const& actor, std::string_view name, bool is_enabled,
                           LastAdmin last_admin = LastAdmin::keep);

/// Its sessions end and its password is gone; the audit log goes on naming it. API keys are on their own: they stay. Throws as
/// set_enabled.
store::Account remove_account(store::Store& store, Clock const& clock, Actor const& actor, std::string_view name,
                              LastAdmin last_admin = LastAdmin::keep);

/// The account, or Error{no_input} with the nearest name as a hint.
[[nodiscard]] store::Account require_account(store::Store& store, std::string_view name);

/// Whether anybody was ever given access and has not been removed or revoked since. Accounts that are disabled and keys that are
/// expired count: no door may open because time goes by.
[[nodiscard]] bool has_any_credential(store::Store& store);

/// How failures hold back the next login: by name, known or not, and by peer (of IPv6 the /64). In the store, so a restart
/// changes nothing; bounded, so nobody is locked out; forgotten after a day without one.
struct BackOff {
    int free = 3;                   ///< failures without a wait
    std::chrono::seconds first{1};  ///< doubles with each further failure
    std::chrono::seconds most{60};
};
inline constexpr BackOff k_name_back_off{.free = 3, .first = std::chrono::seconds{1}, .most = std::chrono::seconds{60}};
inline constexpr BackOff k_peer_back_off{.free = 10, .first = std::chrono::seconds{1}, .most = std::chrono::seconds{60}};
/// How long to wait after so many failures in a row.
[[nodiscard]] std::chrono::seconds wait_after(int failures, BackOff const& rules);

struct Credentials {
    std::string name, password;
    std::string peer;  ///< address of the client, without a port
};

/// A session that has just begun. The token is for an HttpOnly cookie and is never shown again; the CSRF token is for the page.
struct NewSession {
    std::string token, csrf_token;  ///< 43 characters of base64url each
    Principal principal;
    Timestamp expires_at;  ///< at the latest
};

/// Exactly one of the two: a session, or a refusal.
struct LoginAnswer {
    std::optional<NewSession> session;
    /// Of a refusal: more than 0 if the password was not looked at and has to wait (429 with Retry-After). Else the name or the
    /// password is wrong, or the account is disabled: say no more than that (k_login_refused).
    std::chrono::seconds retry_after{0};
};
inline constexpr std::string_view k_login_refused = "the name or the password is wrong";

/// Takes as long for a name that nobody has. An account's back-off does not hold back the peer that it last logged in from:
/// others cannot keep its owner out. The attempt is counted before the password is looked at, so that many at once gain nothing.
/// Throws Error{busy} when its turn does not come; nothing is counted then.
[[nodiscard]] LoginAnswer login(store::Store& store, Clock const& clock, Credentials const& credentials,
                                PasswordHasher const& hasher = argon2id());

inline constexpr std::chrono::minutes k_session_idle{30};
inline constexpr std::chrono::hours k_session_longest{12};

struct Session {
    Principal principal;
    std::string csrf_token;  ///< compare it with constant_time_equal()
    Timestamp created_at, expires_at;
};

/// Of a cookie's token: none if it is unknown, idle for 30 minutes, 12 hours old, or ended. Writes that it was used, at most once
/// a minute; a store that is busy, or open for reading, does not matter then.
[[nodiscard]] std::optional<Session> session(store::Store& store, Clock const& clock, std::string_view token,
                                             Visit visit = Visit::counts);

/// False if there was no such session.
bool logout(store::Store& store, Clock const& clock, std::string_view token, std::string_view peer);

}  // namespace bioctl::app
