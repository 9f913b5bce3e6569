#pragma once
// Sessions of people who have logged in. How long they last is in app/accounts.hpp.

#include <cstdint>
#include <optional>
#include <string>

#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

struct WebSession {
    Sha256 digest{};  ///< of the cookie's token
    std::int64_t account = 0;
    std::string csrf_token{};
    Timestamp created_at{}, last_seen{}, expires_at{};
    std::string peer{};  ///< where the login came from
    // Of its account; add() does not look at them.
    std::string account_name{}, role{};
};

/// Statements on `web_session`. Use inside Store::write() or read().
class WebSessions {
public:
    [[nodiscard]] std::optional<WebSession> get(Sha256 const& digest) const;
    [[nodiscard]] std::int64_t count(std::int64_t account) const;
    void add(WebSession const& session);
    void set_seen(Sha256 const& digest, Timestamp now);
    bool remove(Sha256 const& digest);
    int remove_of(std::int64_t account);
    /// Of an account all but the `most` that were seen last.
    void keep_newest(std::int64_t account, std::int64_t most);
    /// Those that expired before `now`, or were last seen before `idle_since`.
    void prune(Timestamp now, Timestamp idle_since);

private:
    friend class Store;
    explicit WebSessions(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
