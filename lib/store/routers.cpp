#include "lib/store/routers.hpp"

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

// One literal for each way to choose: a statement is cached by its text.
#define BIOCTL_ROUTER_COLUMNS                                                                                     \
    "SELECT key, generation, name, host, port, via, tls, pin, user, password, login, enabled, identity, version," \
    " state, failures, not_before, reason, last_poll, created_at, updated_at FROM router WHERE removed_at IS NULL"

std::string text_of(Query const& query, int column) {
    return std::string{query.text(column)};
}

Router router_of(Query const& query) {
    Router router;
    router.key = query.integer(0);
    router.generation = query.integer(1);
    auto const password = query.blob(9);
    router.config = {.name = text_of(query, 2),
                     .host = text_of(query, 3),
                     .port = query.number(4),
                     .via = text_of(query, 5),
                     .tls = text_of(query, 6),
                     .pin = text_of(query, 7),
                     .user = text_of(query, 8),
                     .password = {password.begin(), password.end()},
                     .login = text_of(query, 10),
                     .enabled = query.number(11) != 0};
    router.identity = text_of(query, 12);
    router.version = text_of(query, 13);
    router.health = {text_of(query, 14), query.number(15), from_ms(query.integer(16)), text_of(query, 17)};
    router.last_poll = from_ms(query.integer(18));
    router.created_at = from_ms(query.integer(19));
    router.updated_at = from_ms(query.integer(20));
    return router;
}

std::optional<Router> first_of(Query& query) {
    if (!query.next()) return std::nullopt;
    return router_of(query);
}

}  // namespace

std::optional<Router> Routers::get(std::string_view name) const {
    Query query{*m_connection, BIOCTL_ROUTER_COLUMNS " AND name = ?", name};
    return first_of(query);
}

std::optional<Router> Routers::get(std::int64_t key) const {
    Query query{*m_connection, BIOCTL_ROUTER_COLUMNS " AND key = ?", key};
    return first_of(query);
}

std::vector<Router> Routers::list() const {
    Query query{*m_connection, BIOCTL_ROUTER_COLUMNS " ORDER BY name"};
    std::vector<Router> routers;
    while (query.next())
        routers.push_back(router_of(query));
    return routers;
}

#undef BIOCTL_ROUTER_COLUMNS

std::int64_t Routers::add(RouterConfig const& config, Timestamp now) {
    if (get(config.name))
        throw Error{Kind::data, fmt::format("there is a router '{}' already; choose another name", printable(config.name))};
    Query{*m_connection,
          "INSERT INTO router (name, host, port, via, tls, pin, user, password, login, enabled, created_at, updated_at)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)",
          config.name,
          config.host,
          config.port,
          config.via,
          config.tls,
          config.pin,
          config.user,
          ByteView{config.password},
          config.login,
          config.enabled,
          to_ms(now)}
        .run();
    return m_connection->last_id();
}

void Routers::set_config(std::int64_t key, RouterConfig const& config, Timestamp now) {
    Query{
        *m_connection,
        "UPDATE router SET name = ?2, host = ?3, port = ?4, via = ?5, tls = ?6, pin = ?7, user = ?8, password = ?9, login = ?10,"
        " enabled = ?11, updated_at = ?12, generation = generation + 1 WHERE key = ?1",
        key,
        config.name,
        config.host,
        config.port,
        config.via,
        config.tls,
        config.pin,
        config.user,
        ByteView{config.password},
        config.login,
        config.enabled,
        to_ms(now)}
        .run();
}

void Routers::set_health(std::int64_t key, RouterHealth const& health) {
    Query{*m_connection,
          "UPDATE router SET state = ?, failures = ?, not_before = ?, reason = ? WHERE key = ?",
          health.state,
          health.failures,
          to_ms(health.not_before),
          health.reason,
          key}
        .run();
}

bool Routers::is_current(std::int64_t key, std::int64_t generation) const {
    Query query{*m_connection, "SELECT 1 FROM router WHERE key = ? AND generation = ? AND removed_at IS NULL", key, generation};
    return query.next();
}

void Routers::set_health(std::int64_t key, std::int64_t generation, RouterHealth const& health) {
    if (is_current(key, generation)) set_health(key, health);
}

void Routers::set_identity(std::int64_t key, std::int64_t generation, std::string_view identity, std::string_view version) {
    if (!is_current(key, generation)) return;
    Query{*m_connection, "UPDATE router SET identity = ?, version = ? WHERE key = ?", identity, version, key}.run();
}

void Routers::set_polled(std::int64_t key, std::int64_t generation, Timestamp now) {
    if (!is_current(key, generation)) return;
    Query{*m_connection, "UPDATE router SET last_poll = ? WHERE key = ?", to_ms(now), key}.run();
}

bool Routers::remove(std::string_view name, Timestamp now) {
    auto const router = get(name);
    if (!router) return false;
    Query{*m_connection, "UPDATE hotspot_session SET ended_at = last_seen WHERE router = ? AND ended_at IS NULL", router->key}
        .run();
    Query{*m_connection, "UPDATE router SET removed_at = ?, password = x'', user = '', enabled = 0 WHERE key = ?", to_ms(now),
          router->key}
        .run();
    return true;
}

std::optional<std::int64_t> Routers::of_posts() const {
    // Routers that can be asked have a host.
    Query query{*m_connection, "SELECT key FROM router WHERE name = ? AND host = ''", k_of_posts};
    if (!query.next()) return std::nullopt;
    return query.integer(0);
}

std::int64_t Routers::make_of_posts(Timestamp now) {
    if (auto const key = of_posts()) return *key;
    Query{
        *m_connection,
        "INSERT INTO router (name, host, port, via, tls, pin, user, password, login, enabled, created_at, updated_at, removed_at)"
        " VALUES (?1, '', 80, 'rest', 'off', '', '', x'', 'auto', 0, ?2, ?2, ?2)",
        k_of_posts, to_ms(now)}
        .run();
    return m_connection->last_id();
}

std::vector<std::string> Routers::names_ever() const {
    Query query{*m_connection, "SELECT DISTINCT name FROM router ORDER BY name"};
    std::vector<std::string> names;
    while (query.next())
        names.push_back(text_of(query, 0));
    return names;
}

}  // namespace bioctl::store
