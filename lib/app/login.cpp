#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lib/app/accounts.hpp"
#include "lib/app/login_failures.hpp"
#include "lib/app/password_turn.hpp"
#include "lib/app/touch.hpp"
#include "lib/base/text.hpp"
#include "lib/ont/address.hpp"
#include "lib/store/web_sessions.hpp"

namespace bioctl::app {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::chrono::hours k_memory{24};          // of failures
constexpr std::int64_t k_most_remembered = 10'000;  // names, and peers: strangers cannot fill the disk
constexpr std::int64_t k_most_sessions = 50;        // of one account
constexpr std::chrono::minutes k_seen_step{1};
constexpr std::size_t k_longest_typed = 256;

constexpr std::array<std::uint8_t, 12> k_mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/// An attempt as it is told from others: who it says it is, and where it comes from.
struct Attempt {
    Timestamp now;
    Sha256 name, peer;
    bool is_usual_peer = false;  // of the account: its owner is not held back by others
};

/// As they still count at this time.
store::LoginFailures still_counting(store::LoginFailures failures, Timestamp now, BackOff const& rules) {
    if (failures.at + k_memory <= now) return {};
    // A clock that was wrong must not lock anybody out.
    failures.not_before = std::min(failures.not_before, now + rules.most);
    return failures;
}

/// How long this attempt has to wait, or 0. Then it counts as a failure until it turns out to be none.
seconds charge(store::Accounts accounts, Attempt const& attempt) {
    auto by_name = still_counting(accounts.failures("name", attempt.name), attempt.now, k_name_back_off);
    auto by_peer = still_counting(accounts.failures("peer", attempt.peer), attempt.now, k_peer_back_off);
    auto const until = attempt.is_usual_peer ? by_peer.not_before : std::max(by_name.not_before, by_peer.not_before);
    if (until > attempt.now) return std::chrono::ceil<seconds>(until - attempt.now);
    auto const count = [&](store::LoginFailures& failures, std::string_view kind, Sha256 const& of, BackOff const& rules) {
        ++failures.count;
        failures.at = attempt.now;
        failures.not_before = attempt.now + wait_after(failures.count, rules);
        accounts.set_failures(kind, of, failures);
    };
    count(by_name, "name", attempt.name, k_name_back_off);
    count(by_peer, "peer", attempt.peer, k_peer_back_off);
    return seconds{0};
}

/// The name starts afresh. The peer only gets its attempt back: else an account of one's own would be a way to go on guessing at
/// others'.
void uncharge(store::Accounts accounts, Attempt const& attempt) {
    accounts.forget_failures("name", attempt.name);
    auto failures = accounts.failures("peer", attempt.peer);
    failures.count = std::max(0, failures.count - 1);
    failures.not_before = attempt.now;
    if (failures.count == 0) return accounts.forget_failures("peer", attempt.peer);
    accounts.set_failures("peer", attempt.peer, failures);
}

bool is_power_of_two(int number) {
    return number > 0 && (number & (number - 1)) == 0;
}

/// One line for the first, the second, the fourth, ... failure in a row: guessing does not fill the log. What was typed as the
/// name of nobody may be a password, so it is not written down.
void record_refusal(store::Store& store, Clock const& clock, Attempt const& attempt, std::string const& peer,
                    std::optional<store::Account> const& account) {
    auto const failures = store.accounts().failures("peer", attempt.peer).count;
    if (!is_power_of_two(failures)) return;
    auto const* const why = !account ? "unknown name" : account->is_enabled ? "wrong password" : "disabled";
    record(store, clock, {"nobody", peer}, "login.refused", account ? account->name : "",
           {{"reason", why}, {"failures", fmt::format("{}", failures)}});
}

NewSession begin_session(store::Store& store, store::Account const& account, std::string const& peer, Timestamp now) {
    NewSession fresh{.token = random_token(),
                     .csrf_token = random_token(),
                     .principal = {account.name, "account", scopes_of_role(account.role).or_throw()},
                     .expires_at = now + k_session_longest};
    auto sessions = store.web_sessions();
    sessions.prune(now, now - k_session_idle);
    sessions.add({.digest = sha256(as_bytes(fresh.token)),
                  .account = account.key,
                  .csrf_token = fresh.csrf_token,
                  .created_at = now,
                  .last_seen = now,
                  .expires_at = fresh.expires_at,
                  .peer = peer});
    sessions.keep_newest(account.key, k_most_sessions);
    return fresh;
}

bool is_over(store::WebSession const& found, Timestamp now) {
    // Also what seems to be from the future: a clock was set back, and nobody knows how old it is.
    return now >= found.expires_at || now >= found.last_seen + k_session_idle || found.created_at > now + k_seen_step;
}

}  // namespace

seconds wait_after(int failures, BackOff const& rules) {
    constexpr int k_widest = 20;  // 2^20 s is beyond any bound, and no overflow
    if (failures <= rules.free) return seconds{0};
    return std::min(rules.most, rules.first * (std::int64_t{1} << std::min(failures - rules.free - 1, k_widest)));
}

Sha256 digest_of_name(std::string_view name) {
    return sha256(as_bytes(to_lower_ascii(name)));
}

Sha256 digest_of_peer(std::string_view peer) {
    auto const address = ont::parse_address(peer);
    if (!address || address->family == ont::Family::v4) return sha256(as_bytes(peer));
    auto const bytes = std::as_bytes(std::span{address->bytes});
    // ::ffff:192.0.2.7 is an IPv4 address on a socket of both families.
    auto const mapped = std::as_bytes(std::span{k_mapped});
    if (std::ranges::equal(bytes.first(mapped.size()), mapped)) return sha256(as_bytes(peer));
    constexpr std::size_t k_network_bytes = 8;
    return sha256(bytes.first(k_network_bytes));
}

void forget_failures_of(store::Store& store, std::string_view name) {
    store.accounts().forget_failures("name", digest_of_name(name));
}

LoginAnswer login(store::Store& store, Clock const& clock, Credentials const& credentials, PasswordHasher const& hasher) {
    auto const turn = password_turn();
    Attempt attempt{.now = clock.now(), .name = digest_of_name(credentials.name), .peer = digest_of_peer(credentials.peer)};
    std::optional<store::Account> account;
    LoginAnswer answer;
    store.write([&] {
        auto accounts = store.accounts();
        if (credentials.name.size() <= k_longest_typed) account = accounts.get(credentials.name);
        attempt.is_usual_peer = account && !credentials.peer.empty() && account->last_peer == credentials.peer;
        accounts.prune_failures(attempt.now - k_memory, k_most_remembered);
        answer.retry_after = charge(accounts, attempt);
    });
    if (answer.retry_after.count() > 0) return answer;

    // The same work whether there is such an account or not.
    bool const is_usable = account && account->is_enabled;
    auto const hash = is_usable ? std::string_view{account->password_hash} : hasher.nobody();
    auto const password = std::string_view{credentials.password}.substr(0, k_longest_password + 1);
    bool const matches = hasher.matches(hash, password) && is_usable;

    store.write([&] {
        auto const current = store.accounts().get(credentials.name);
        // Somebody may have disabled it, or set another password, while this one was being looked at.
        bool const is_same = current && account && current->key == account->key && current->is_enabled &&
                             current->password_hash == account->password_hash;
        if (!matches || !is_same) return record_refusal(store, clock, attempt, credentials.peer, account);
        uncharge(store.accounts(), attempt);
        store.accounts().set_login(current->key, credentials.peer, attempt.now);
        answer.session = begin_session(store, *current, credentials.peer, attempt.now);
        record(store, clock, actor_of(answer.session->principal, credentials.peer), "login", current->name);
    });
    return answer;
}

std::optional<Session> session(store::Store& store, Clock const& clock, std::string_view token, Visit visit) {
    auto const digest = sha256(as_bytes(token));
    auto const now = clock.now();
    std::optional<store::WebSession> found;
    store.read([&] { found = store.web_sessions().get(digest); });
    if (!found || is_over(*found, now)) return std::nullopt;
    if (visit == Visit::counts && now >= found->last_seen + k_seen_step) {
        touch(store, [&] { store.web_sessions().set_seen(digest, now); });
    }
    return Session{.principal = {found->account_name, "account", scopes_of_role(found->role).or_throw()},
                   .csrf_token = found->csrf_token,
                   .created_at = found->created_at,
                   .expires_at = found->expires_at};
}

bool logout(store::Store& store, Clock const& clock, std::string_view token, std::string_view peer) {
    auto const digest = sha256(as_bytes(token));
    bool has_ended = false;
    store.write([&] {
        auto const found = store.web_sessions().get(digest);
        has_ended = store.web_sessions().remove(digest);
        if (!found) return;
        record(store, clock, {fmt::format("account:{}", found->account_name), std::string{peer}}, "logout", found->account_name);
    });
    return has_ended;
}

}  // namespace bioctl::app
