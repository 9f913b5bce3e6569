#pragma once
// Accounts, and the failed logins that hold back the next one. What is allowed is in app/accounts.hpp.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

struct Account {
    std::int64_t key = 0;  ///< never used twice
    std::string name{};    ///< unique among the accounts that are not removed, whatever the case
    std::string role{};    ///< admin, operator, viewer
    std::string password_hash{};
    bool is_enabled = true;
    Timestamp created_at{}, updated_at{};
    Timestamp last_login{};   ///< 0: never
    std::string last_peer{};  ///< where that came from
};

/// Failed logins of a name or a peer since the last good one.
struct LoginFailures {
    int count = 0;
    Timestamp not_before{};  ///< of the next attempt
    Timestamp at{};          ///< of the last one
};

/// Statements on `account` and `login_failure`. Use inside Store::write() or read().
class Accounts {
public:
    [[nodiscard]] std::optional<Account> get(std::string_view name) const;
    [[nodiscard]] std::vector<Account> list() const;  ///< by name, those not removed
    [[nodiscard]] bool has_any() const;
    [[nodiscard]] int count_enabled(std::string_view role) const;

    std::int64_t add(Account const& account, Timestamp now);  ///< Error{data} if the name is taken
    void set_password(std::int64_t key, std::string_view password_hash, Timestamp now);
    void set_enabled(std::int64_t key, bool is_enabled, Timestamp now);
    void set_login(std::int64_t key, std::string_view peer, Timestamp now);
    void remove(std::int64_t key, Timestamp now);  ///< the row stays, without its password

    /// kind  name, peer
    /// of    its digest: what people type into the field of the name may be a password
    [[nodiscard]] LoginFailures failures(std::string_view kind, Sha256 const& of) const;
    void set_failures(std::string_view kind, Sha256 const& of, LoginFailures const& failures);
    void forget_failures(std::string_view kind, Sha256 const& of);
    /// Those before a time, and beyond so many of a kind those that are over first.
    void prune_failures(Timestamp before, std::int64_t most);

private:
    friend class Store;
    explicit Accounts(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
