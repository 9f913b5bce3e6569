#include "lib/store/outbox.hpp"

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/store/lists.hpp"
#include "lib/store/query.hpp"

namespace bioctl::store {

namespace {

#define BIOCTL_TARGET_COLUMNS                                                                                                    \
    "SELECT key, name, url, format, body_template, picture, bearer, hmac_key, devices, locations, kinds, cooldown_s, timeout_s," \
    " enabled, created_at, updated_at, quiet, after_s FROM target"

std::string text_of(Query const& query, int column) {
    return std::string{query.text(column)};
}

Bytes bytes_of(Query const& query, int column) {
    auto const bytes = query.blob(column);
    return {bytes.begin(), bytes.end()};
}

Target target_of(Query const& query) {
    Target target;
    target.key = query.integer(0);
    target.name = text_of(query, 1);
    target.url = text_of(query, 2);
    target.format = text_of(query, 3);
    target.body_template = text_of(query, 4);
    target.picture = text_of(query, 5);
    target.bearer = bytes_of(query, 6);
    target.hmac_key = bytes_of(query, 7);
    target.devices = from_lines(query.text(8));
    target.locations = from_lines(query.text(9));
    target.kinds = from_lines(query.text(10));
    target.cooldown_s = query.number(11);
    target.timeout_s = query.number(12);
    target.enabled = query.number(13) != 0;
    target.created_at = from_ms(query.integer(14));
    target.updated_at = from_ms(query.integer(15));
    target.quiet = text_of(query, 16);
    target.after_s = query.number(17);
    return target;
}

Error name_taken(std::string_view name) {
    return {Kind::data, fmt::format("there is a target '{}' already; choose another name", printable(name))};
}

}  // namespace

std::vector<Target> Outbox::targets() const {
    Query query{*m_connection, BIOCTL_TARGET_COLUMNS " ORDER BY name"};
    std::vector<Target> targets;
    while (query.next())
        targets.push_back(target_of(query));
    return targets;
}

std::optional<Target> Outbox::target(std::string_view name) const {
    Query query{*m_connection, BIOCTL_TARGET_COLUMNS " WHERE name = ?", name};
    if (!query.next()) return std::nullopt;
    return target_of(query);
}

std::optional<Target> Outbox::settings_target() const {
    Query query{*m_connection, BIOCTL_TARGET_COLUMNS " WHERE key = (SELECT value FROM meta WHERE key = 'settings_target')"};
    if (!query.next()) return std::nullopt;
    return target_of(query);
}

void Outbox::set_settings_target(std::int64_t key) {
    Query{*m_connection,
          "INSERT INTO meta (key, value) VALUES ('settings_target', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
          key}
        .run();
}

#undef BIOCTL_TARGET_COLUMNS

std::int64_t Outbox::add_target(Target const& target, Timestamp now) {
    if (this->target(target.name)) throw name_taken(target.name);
    Query{
        *m_connection,
        "INSERT INTO target (name, url, format, body_template, picture, bearer, hmac_key, devices, locations, kinds, cooldown_s,"
        " timeout_s, enabled, created_at, updated_at, quiet, after_s)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14, ?15, ?16)",
        target.name,
        target.url,
        target.format,
        target.body_template,
        target.picture,
        ByteView{target.bearer},
        ByteView{target.hmac_key},
        to_lines(target.devices),
        to_lines(target.locations),
        to_lines(target.kinds),
        target.cooldown_s,
        target.timeout_s,
        target.enabled,
        to_ms(now),
        target.quiet,
        target.after_s}
        .run();
    return m_connection->last_id();
}

void Outbox::set_target(Target const& target, Timestamp now) {
    auto const other = this->target(target.name);
    if (other && other->key != target.key) throw name_taken(target.name);
    Query{*m_connection,
          "UPDATE target SET name = ?2, url = ?3, format = ?4, body_template = ?5, picture = ?6, bearer = ?7, hmac_key = ?8,"
          " devices = ?9, locations = ?10, kinds = ?11, cooldown_s = ?12, timeout_s = ?13, enabled = ?14, updated_at = ?15,"
          " quiet = ?16, after_s = ?17 WHERE key = ?1",
          target.key,
          target.name,
          target.url,
          target.format,
          target.body_template,
          target.picture,
          ByteView{target.bearer},
          ByteView{target.hmac_key},
          to_lines(target.devices),
          to_lines(target.locations),
          to_lines(target.kinds),
          target.cooldown_s,
          target.timeout_s,
          target.enabled,
          to_ms(now),
          target.quiet,
          target.after_s}
        .run();
}

bool Outbox::remove_target(std::string_view name) {
    // The next target may get the same key, and has been told of nothing; nor do the settings stand for it.
    Query{*m_connection, "DELETE FROM alert_told WHERE target = (SELECT key FROM target WHERE name = ?)", name}.run();
    Query{*m_connection, "DELETE FROM meta WHERE key = 'settings_target' AND value = (SELECT key FROM target WHERE name = ?)",
          name}
        .run();
    return Query{*m_connection, "DELETE FROM target WHERE name = ?", name}.run() > 0;
}

}  // namespace bioctl::store
