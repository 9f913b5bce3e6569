#pragma once
// API keys. What is allowed is in app/api_keys.hpp.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

struct ApiKey {
    std::string id{};    ///< public, "bk_abcdefgh"
    std::string name{};  ///< unique among the keys that are not revoked, whatever the case
    Sha256 digest{};     ///< of the secret part
    std::vector<std::string> scopes{};
    Timestamp expires_at{};  ///< 0: never
    Timestamp last_used_at{}, created_at{}, revoked_at{};
    std::string created_by{};  ///< as the audit log names them
};

/// Statements on `api_key`. Use inside Store::write() or read().
class ApiKeys {
public:
    [[nodiscard]] std::optional<ApiKey> get(std::string_view id) const;      ///< also if it is revoked
    [[nodiscard]] std::optional<ApiKey> named(std::string_view name) const;  ///< not if it is revoked
    [[nodiscard]] std::vector<ApiKey> list(bool with_revoked) const;         ///< by name, then by time of creation
    [[nodiscard]] bool has_any() const;                                      ///< that is not revoked

    void add(ApiKey const& key);  ///< Error{data} if the name is taken
    void set_used(std::string_view id, Timestamp now);
    void revoke(std::string_view id, Timestamp now);

private:
    friend class Store;
    explicit ApiKeys(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
