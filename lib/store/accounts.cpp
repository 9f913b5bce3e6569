#include "lib/store/accounts.hpp"

#include <fmt/format.h>

#include "lib/base/causes.hpp"
#include "lib/base/text.hpp"
#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

// One literal for each way to choose: a statement is cached by its text.
#define BIOCTL_ACCOUNT_COLUMNS                                                                              \
    "SELECT key, name, role, password, enabled, created_at, updated_at, last_login, last_peer FROM account" \
    " WHERE removed_at IS NULL"

Account account_of(Query const& query) {
    return {.key = query.integer(0),
            .name = std::string{query.text(1)},
            .role = std::string{query.text(2)},
            .password_hash = std::string{query.text(3)},
            .is_enabled = query.number(4) != 0,
            .created_at = from_ms(query.integer(5)),
            .updated_at = from_ms(query.integer(6)),
            .last_login = from_ms(query.integer(7)),
            .last_peer = std::string{query.text(8)}};
}

}  // namespace

std::optional<Account> Accounts::get(std::string_view name) const {
    Query query{*m_connection, BIOCTL_ACCOUNT_COLUMNS " AND name = ?", name};
    if (!query.next()) return std::nullopt;
    return account_of(query);
}

std::vector<Account> Accounts::list() const {
    Query query{*m_connection, BIOCTL_ACCOUNT_COLUMNS " ORDER BY name"};
    std::vector<Account> accounts;
    while (query.next())
        accounts.push_back(account_of(query));
    return accounts;
}

#undef BIOCTL_ACCOUNT_COLUMNS

bool Accounts::has_any() const {
    Query query{*m_connection, "SELECT 1 FROM account WHERE removed_at IS NULL LIMIT 1"};
    return query.next();
}

int Accounts::count_enabled(std::string_view role) const {
    Query query{*m_connection, "SELECT count(*) FROM account WHERE removed_at IS NULL AND enabled = 1 AND role = ?", role};
    query.next();
    return query.number(0);
}

std::int64_t Accounts::add(Account const& account, Timestamp now) {
    if (get(account.name)) {
        throw NameTaken{Kind::data,
                        fmt::format("there is an account '{}' already; choose another name, or `bioctl accounts passwd` "
                                    "to set its password",
                                    printable(account.name))};
    }
    Query{*m_connection,
          "INSERT INTO account (name, role, password, enabled, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
          account.name,
          account.role,
          account.password_hash,
          account.is_enabled,
          to_ms(now)}
        .run();
    return m_connection->last_id();
}

void Accounts::set_password(std::int64_t key, std::string_view password_hash, Timestamp now) {
    Query{*m_connection, "UPDATE account SET password = ?2, updated_at = ?3 WHERE key = ?1", key, password_hash, to_ms(now)}
        .run();
}

void Accounts::set_enabled(std::int64_t key, bool is_enabled, Timestamp now) {
    Query{*m_connection, "UPDATE account SET enabled = ?2, updated_at = ?3 WHERE key = ?1", key, is_enabled, to_ms(now)}.run();
}

void Accounts::set_login(std::int64_t key, std::string_view peer, Timestamp now) {
    Query{*m_connection, "UPDATE account SET last_login = ?2, last_peer = ?3 WHERE key = ?1", key, to_ms(now), peer}.run();
}

void Accounts::remove(std::int64_t key, Timestamp now) {
    Query{*m_connection, "UPDATE account SET removed_at = ?2, password = '', enabled = 0, last_peer = '' WHERE key = ?1", key,
          to_ms(now)}
        .run();
}

LoginFailures Accounts::failures(std::string_view kind, Sha256 const& of) const {
    Query query{*m_connection, "SELECT failures, not_before, at FROM login_failure WHERE kind = ? AND digest = ?", kind,
                ByteView{of.bytes}};
    if (!query.next()) return {};
    return {query.number(0), from_ms(query.integer(1)), from_ms(query.integer(2))};
}

void Accounts::set_failures(std::string_view kind, Sha256 const& of, LoginFailures const& failures) {
    Query{*m_connection,
          "INSERT OR REPLACE INTO login_failure (kind, digest, failures, not_before, at) VALUES (?, ?, ?, ?, ?)",
          kind,
          ByteView{of.bytes},
          failures.count,
          to_ms(failures.not_before),
          to_ms(failures.at)}
        .run();
}

void Accounts::forget_failures(std::string_view kind, Sha256 const& of) {
    Query{*m_connection, "DELETE FROM login_failure WHERE kind = ? AND digest = ?", kind, ByteView{of.bytes}}.run();
}

void Accounts::prune_failures(Timestamp before, std::int64_t most) {
    Query{*m_connection, "DELETE FROM login_failure WHERE at < ?", to_ms(before)}.run();
    for (std::string_view const kind : {"name", "peer"}) {
        Query count{*m_connection, "SELECT count(*) FROM login_failure WHERE kind = ?", kind};
        count.next();
        auto const surplus = count.integer(0) - most;
        if (surplus <= 0) continue;
        Query{*m_connection,
              "DELETE FROM login_failure WHERE kind = ?1 AND digest IN"
              " (SELECT digest FROM login_failure WHERE kind = ?1 ORDER BY failures, at LIMIT ?2)",
              kind, surplus}
            .run();
    }
}

}  // namespace bioctl::store
