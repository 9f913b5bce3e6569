#pragma once
// The lock on a terminal's door: HTTP digest (RFC 2617, MD5, qop=auth) and the lock-out after wrong passwords. Dossier section 1.

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/hik_sim/quirks.hpp"
#include "tests/support/sim_http/message.hpp"

namespace bioctl::hik_sim {

/// 32 lower-case hex digits.
[[nodiscard]] std::string md5_hex(std::string_view text);

/// The parameters of an Authorization or WWW-Authenticate header behind "Digest"; names in lower case. std::nullopt if it is
/// no digest or is malformed.
[[nodiscard]] std::optional<std::map<std::string, std::string>> parse_digest(std::string_view header);

/// The `response` that RFC 2617 asks for. `parameters` gives username, realm, nonce, uri, nc, cnonce and qop.
[[nodiscard]] std::string digest_response(std::map<std::string, std::string> const& parameters, std::string_view method,
                                          std::string_view password);

enum class Verdict {
    granted,
    unsigned_leg,   ///< no credentials: the first half of every login
    stale,          ///< well signed with a nonce that has run out; no wrong login
    nonce_refused,  ///< well signed with a nonce that was used too often or with a count that does not rise; no wrong login
    wrong,          ///< wrong name, password or signature
    locked,         ///< too many of those; not even looked at
};

class Doorkeeper {
public:
    using Time = std::chrono::steady_clock::time_point;

    struct Settings {
        std::string user;
        std::string password;
        std::string realm;
        std::chrono::seconds lock_time{1800};
        std::uint64_t seed = 0;
    };

    explicit Doorkeeper(Settings settings) : m_settings(std::move(settings)) {}

    [[nodiscard]] Verdict judge(sim_http::Request const& request, QuirkSet const& quirks, Time now);
    /// The 401 for a verdict: a new challenge, and a body that tells of the lock.
    [[nodiscard]] sim_http::Reply refusal(Verdict verdict, QuirkSet const& quirks, Time now);

    void set_password(std::string password) { m_settings.password = std::move(password); }
    [[nodiscard]] Settings const& settings() const { return m_settings; }
    [[nodiscard]] int tries_left(Time now) const;
    /// Seconds until the next try is looked at, 0 if it would be now.
    [[nodiscard]] long locked_for_s(Time now) const;

private:
    struct Nonce {
        std::string text;
        unsigned uses = 0;
        unsigned long last_count = 0;
    };

    [[nodiscard]] bool is_well_signed(std::map<std::string, std::string> const& given, sim_http::Request const& request,
                                      QuirkSet const& quirks) const;
    [[nodiscard]] Verdict spend_nonce(std::map<std::string, std::string> const& given, QuirkSet const& quirks);
    Verdict count_wrong(Time now);
    [[nodiscard]] std::string challenge(bool is_stale, QuirkSet const& quirks);
    [[nodiscard]] std::string nonce(QuirkSet const& quirks);
    [[nodiscard]] std::string opaque(QuirkSet const& quirks) const;
    [[nodiscard]] std::string user_check(QuirkSet const& quirks, Time now) const;

    Settings m_settings;
    std::deque<Nonce> m_nonces;  ///< the newest ones
    std::uint64_t m_issued = 0;
    std::uint64_t m_signed = 0;
    int m_wrong = 0;
    std::optional<Time> m_locked_until;
};

}  // namespace bioctl::hik_sim
