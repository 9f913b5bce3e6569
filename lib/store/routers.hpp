#pragma once
// MikroTik routers: how they are reached and how they are doing. Passwords are sealed by the caller.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

/// What a user sets.
struct RouterConfig {
    std::string name{};  ///< unique among the routers that are not removed
    std::string host{};  ///< name or address
    int port = 8729;
    std::string via = "api";  ///< api, rest
    std::string tls = "ca";   ///< off, ca, pin, anon
    std::string pin{};        ///< for tls = pin
    std::string user{};
    Bytes password{};            ///< sealed
    std::string login = "auto";  ///< auto, plain, md5
    bool enabled = true;
};

struct RouterHealth {
    std::string state = "unknown";  ///< unknown, ok, failing, refused (the login: not tried again until it is edited)
    int failures = 0;               ///< in a row
    Timestamp not_before{};
    std::string reason{};
};

struct Router {
    std::int64_t key = 0;
    std::int64_t generation = 1;  ///< grows with each set_config()
    RouterConfig config{};
    std::string identity{}, version{};  ///< what it said about itself, "" = nothing yet
    RouterHealth health{};
    Timestamp last_poll{};  ///< 0: never read
    Timestamp created_at{}, updated_at{};
};

/// Statements on `router`. Use inside Store::write() or read().
class Routers {
public:
    [[nodiscard]] std::optional<Router> get(std::string_view name) const;
    [[nodiscard]] std::optional<Router> get(std::int64_t key) const;
    [[nodiscard]] std::vector<Router> list() const;  ///< by name

    std::int64_t add(RouterConfig const& config, Timestamp now);  ///< Error{data} if the name is taken
    void set_config(std::int64_t key, RouterConfig const& config, Timestamp now);
    void set_health(std::int64_t key, RouterHealth const& health);

    /// False after the router was changed or removed: what was learnt is about another address or password.
    [[nodiscard]] bool is_current(std::int64_t key, std::int64_t generation) const;
    /// These do nothing then.
    void set_health(std::int64_t key, std::int64_t generation, RouterHealth const& health);
    void set_identity(std::int64_t key, std::int64_t generation, std::string_view identity, std::string_view version);
    void set_polled(std::int64_t key, std::int64_t generation, Timestamp now);

    /// The router is no longer listed and its password is gone; its history stays, under its name. False if unknown.
    bool remove(std::string_view name, Timestamp now);
    /// The row that counts belong to which another program has posted; of no router that could be asked, and not listed. Its name
    /// is k_of_posts.
    static constexpr std::string_view k_of_posts = "posted-over-http";
    [[nodiscard]] std::optional<std::int64_t> of_posts() const;
    std::int64_t make_of_posts(Timestamp now);  ///< if there is none yet

    [[nodiscard]] std::vector<std::string> names_ever() const;  ///< also of those that were removed

private:
    friend class Store;
    explicit Routers(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
