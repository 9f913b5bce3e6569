#include "lib/store/api_keys.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/causes.hpp"
#include "lib/base/text.hpp"
#include "lib/store/lists.hpp"
#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

// One literal for each way to choose: a statement is cached by its text.
#define BIOCTL_API_KEY_COLUMNS \
    "SELECT id, name, digest, scopes, expires_at, last_used_at, created_at, revoked_at, created_by FROM api_key"

ApiKey key_of(Query const& query) {
    ApiKey key;
    key.id = query.text(0);
    key.name = query.text(1);
    auto const digest = query.blob(2);
    std::copy_n(digest.begin(), std::min(digest.size(), key.digest.bytes.size()), key.digest.bytes.begin());
    key.scopes = from_lines(query.text(3));
    key.expires_at = from_ms(query.integer(4));
    key.last_used_at = from_ms(query.integer(5));
    key.created_at = from_ms(query.integer(6));
    key.revoked_at = from_ms(query.is_null(7) ? 0 : query.integer(7));
    key.created_by = query.text(8);
    return key;
}

std::optional<ApiKey> first_of(Query& query) {
    if (!query.next()) return std::nullopt;
    return key_of(query);
}

}  // namespace

std::optional<ApiKey> ApiKeys::get(std::string_view id) const {
    Query query{*m_connection, BIOCTL_API_KEY_COLUMNS " WHERE id = ?", id};
    return first_of(query);
}

std::optional<ApiKey> ApiKeys::named(std::string_view name) const {
    Query query{*m_connection, BIOCTL_API_KEY_COLUMNS " WHERE name = ? AND revoked_at IS NULL", name};
    return first_of(query);
}

std::vector<ApiKey> ApiKeys::list(bool with_revoked) const {
    Query query{*m_connection, BIOCTL_API_KEY_COLUMNS " WHERE revoked_at IS NULL OR ? ORDER BY name, created_at, id",
                with_revoked};
    std::vector<ApiKey> keys;
    while (query.next())
        keys.push_back(key_of(query));
    return keys;
}

#undef BIOCTL_API_KEY_COLUMNS

bool ApiKeys::has_any() const {
    Query query{*m_connection, "SELECT 1 FROM api_key WHERE revoked_at IS NULL LIMIT 1"};
    return query.next();
}

void ApiKeys::add(ApiKey const& key) {
    if (named(key.name)) {
        throw NameTaken{Kind::data, fmt::format("there is a key '{}' already; choose another name, or revoke that one first",
                                                printable(key.name))};
    }
    Query{*m_connection,
          "INSERT INTO api_key (id, name, digest, scopes, expires_at, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?)",
          key.id,
          key.name,
          ByteView{key.digest.bytes},
          to_lines(key.scopes),
          to_ms(key.expires_at),
          to_ms(key.created_at),
          key.created_by}
        .run();
}

void ApiKeys::set_used(std::string_view id, Timestamp now) {
    Query{*m_connection, "UPDATE api_key SET last_used_at = ?2 WHERE id = ?1", id, to_ms(now)}.run();
}

void ApiKeys::revoke(std::string_view id, Timestamp now) {
    Query{*m_connection, "UPDATE api_key SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL", id, to_ms(now)}.run();
}

}  // namespace bioctl::store
