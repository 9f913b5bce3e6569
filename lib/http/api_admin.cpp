// Who may, and who did: accounts, API keys, the audit log.

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/accounts.hpp"
#include "lib/app/api_keys.hpp"
#include "lib/app/moment.hpp"
#include "lib/base/secret.hpp"
#include "lib/base/text.hpp"
#include "lib/http/api.hpp"
#include "lib/http/families.hpp"

namespace bioctl::http {

namespace {

constexpr std::string_view k_account_schema = R"({"$ref":"#/components/schemas/Account"})";
constexpr std::string_view k_key_schema = R"({"$ref":"#/components/schemas/ApiKey"})";
constexpr std::string_view k_add_schema =
    R"({"type":"object","required":["name","role","password"],"additionalProperties":false,"properties":{"name":{"type":"string"},"role":{"type":"string","enum":["admin","operator","viewer"]},"password":{"type":"string","format":"password"}}})";
constexpr std::string_view k_edit_schema =
    R"({"type":"object","additionalProperties":false,"properties":{"enabled":{"type":"boolean"},"password":{"type":"string","format":"password"}}})";
constexpr std::string_view k_create_schema =
    R"({"type":"object","required":["name","scopes"],"additionalProperties":false,"properties":{"name":{"type":"string"},"scopes":{"type":"array","items":{"type":"string","enum":["read","recognize","enrol","people","devices","network","admin","metrics"]}},"expires_at":{"type":"string","description":"RFC 3339; without it never"}}})";

Json json_of(store::Account const& account) {
    return {{"name", account.name},
            {"role", account.role},
            {"enabled", account.is_enabled},
            {"last_login", time_json(account.last_login)},
            {"last_peer", text_json(account.last_peer)},
            {"created_at", time_json(account.created_at)},
            {"updated_at", time_json(account.updated_at)}};
}

Reply accounts(Call const& call) {
    Filters filters{call};
    auto const wish = filters.page();
    filters.finish();
    // By number, which does not change with the case of names.
    auto all = call.desk->store().accounts().list();
    auto const key_of = [](store::Account const& account) { return account.key; };
    std::ranges::sort(all, {}, key_of);
    return page_reply(call, app::page_by_id(all, "accounts", wish, key_of),
                      [](store::Account const& account) { return json_of(account); });
}

Reply add_account(Call const& call) {
    Fields fields{call};
    auto const name = fields.required_text("name");
    auto const role = fields.required_text("role");
    auto password = fields.required_text("password");
    fields.finish();
    if (call.desk->store().accounts().get(name))
        return refuse({Refusal::conflict, fmt::format("there is an account '{}' already", printable(name))});
    auto const account = app::add_account(call.desk->store(), call.desk->clock(), actor_of(call), name, role, password);
    wipe(password);
    return created(call, account.name, json_of(account));
}

Reply edit_account(Call const& call) {
    auto const& name = call.parameter("name");
    Fields fields{call};
    auto const enabled = fields.flag("enabled");
    auto password = fields.text("password");
    fields.finish();
    if (!enabled && !password) throw Error{Kind::usage, "say what to change: \"enabled\" or \"password\""};
    auto& store = call.desk->store();
    // Should the second step fail, nobody may have got in by the first: closed before the password, opened after it.
    if (password) app::check_password(app::require_account(store, name).name, *password).or_throw();
    if (enabled && !*enabled) app::set_enabled(store, call.desk->clock(), actor_of(call), name, false);
    if (password) {
        app::set_password(store, call.desk->clock(), actor_of(call), name, *password);
        wipe(*password);
    }
    if (enabled && *enabled) app::set_enabled(store, call.desk->clock(), actor_of(call), name, true);
    return json_reply(json_of(app::require_account(store, name)));
}

Reply remove_account(Call const& call) {
    app::remove_account(call.desk->store(), call.desk->clock(), actor_of(call), call.parameter("name"));
    return no_content();
}

Json json_of(store::ApiKey const& key, Timestamp now) {
    bool const is_expired = key.expires_at != Timestamp{} && key.expires_at <= now;
    return {{"id", key.id},
            {"name", key.name},
            {"scopes", key.scopes},
            {"state", key.revoked_at != Timestamp{} ? "revoked"
                      : is_expired                  ? "expired"
                                                    : "valid"},
            {"expires_at", time_json(key.expires_at)},
            {"last_used_at", time_json(key.last_used_at)},
            {"created_at", time_json(key.created_at)},
            {"created_by", key.created_by},
            {"revoked_at", time_json(key.revoked_at)}};
}

Reply keys(Call const& call) {
    Filters filters{call};
    bool const with_revoked = filters.flag("revoked");
    auto const wish = filters.page();
    filters.finish();
    auto all = call.desk->store().api_keys().list(with_revoked);
    auto const id_of = [](store::ApiKey const& key) -> std::string const& { return key.id; };
    std::ranges::sort(all, {}, id_of);
    auto const now = call.desk->clock().now();
    return page_reply(call, app::page_by_text(all, "keys", wish, id_of),
                      [&](store::ApiKey const& key) { return json_of(key, now); });
}

Reply create_key(Call const& call) {
    Fields fields{call};
    app::ApiKeyWish wish{.name = fields.required_text("name"), .scopes = {}, .expires_at = {}};
    for (auto const& scope : fields.texts("scopes").value_or(std::vector<std::string>{}))
        wish.scopes.insert(app::scope_from(scope).or_throw());
    if (auto const text = fields.text("expires_at")) {
        auto const time = from_rfc3339(*text);
        if (!time) throw Error{Kind::usage, "expires_at must be a time like 2027-01-31T00:00:00Z"};
        // The beginning of 1970 stands for "never" in the store, and is as much a slip as any time that is over.
        if (*time <= call.desk->clock().now()) throw Error{Kind::usage, "expires_at must lie in the future"};
        wish.expires_at = *time;
    }
    fields.finish();
    auto& store = call.desk->store();
    if (store.api_keys().named(wish.name))
        return refuse({Refusal::conflict, fmt::format("there is a key '{}' already", printable(wish.name))});
    auto fresh = app::create_api_key(store, call.desk->clock(), actor_of(call), wish);
    auto json = json_of(fresh.key, call.desk->clock().now());
    json["key"] = fresh.secret;
    wipe(fresh.secret);
    return created(call, fresh.key.id, json);
}

Reply revoke_key(Call const& call) {
    app::revoke_api_key(call.desk->store(), call.desk->clock(), actor_of(call), call.parameter("id"));
    return no_content();
}

Json json_of(store::AuditRow const& row) {
    auto detail = Json::parse(row.detail, nullptr, false);
    return {{"id", row.id},
            {"at", time_json(row.at)},
            {"who", row.who},
            {"origin", row.origin},
            {"action", row.action},
            {"subject", text_json(row.subject)},
            // Something else is there only if somebody has tampered with it.
            {"detail", detail.is_object() ? std::move(detail) : Json{{"text", row.detail}}},
            {"hash", to_hex(row.hash)}};
}

Reply audit(Call const& call) {
    Filters filters{call};
    store::AuditFilter filter;
    filter.who = filters.text("who");
    filter.origin = filters.text("origin");
    filter.action = filters.text("action");
    filter.subject = filters.text("subject");
    if (auto const person = filters.text("person")) {
        if (filter.subject) throw Error{Kind::usage, "send subject or person, not both"};
        filter.subject = app::subject_of_person(*person);
    }
    filter.since = filters.time("since");
    filter.until = filters.time("until");
    auto const wish = filters.page();
    filters.finish();
    return page_reply(call, app::page_of_audit(call.desk->store(), filter, wish),
                      [](store::AuditRow const& row) { return json_of(row); });
}

void add_accounts(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    Doc::Answer const last_admin{409, "no enabled admin would be left", "application/problem+json",
                                 R"({"$ref":"#/components/schemas/Problem"})"};
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/accounts",
                .scope = Scope::admin,
                .handle = accounts,
                .doc = {.summary = "Who may log in",
                        .parameters = {k_doc_limit, k_doc_cursor},
                        .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/AccountPage"})"}}}});
    // Hashing a password takes its time and takes turns.
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/accounts",
                .work = Work::peer,
                .scope = Scope::admin,
                .is_change = true,
                .handle = add_account,
                .doc = {.summary = "Add an account",
                        .body = Doc::Body{"application/json", k_add_schema},
                        .answers = {{201, "added", "application/json", k_account_schema}, k_doc_conflict}}});
    routes.add({.family = family,
                .method = "PATCH",
                .pattern = "/api/v2/accounts/{name}",
                .work = Work::peer,
                .scope = Scope::admin,
                .is_change = true,
                .handle = edit_account,
                .doc = {.summary = "Disable or enable an account, or set its password; either ends its sessions",
                        .body = Doc::Body{"application/json", k_edit_schema},
                        .answers = {{200, "as it is now", "application/json", k_account_schema}, k_doc_unknown, last_admin}}});
    routes.add(
        {.family = family,
         .method = "DELETE",
         .pattern = "/api/v2/accounts/{name}",
         .scope = Scope::admin,
         .is_change = true,
         .handle = remove_account,
         .doc = {.summary = "Remove an account and end its sessions", .answers = {k_doc_done, k_doc_unknown, last_admin}}});
}

}  // namespace

void add_api_admin(Routes& routes) {
    using app::Scope;
    constexpr auto family = Family::api;
    constexpr std::string_view k_text = R"({"type":"string"})";
    add_accounts(routes);
    routes.add(
        {.family = family,
         .method = "GET",
         .pattern = "/api/v2/keys",
         .scope = Scope::admin,
         .handle = keys,
         .doc = {.summary = "API keys, without their secrets",
                 .parameters = {{"revoked", "query", k_schema_flag, "also those that were revoked"}, k_doc_limit, k_doc_cursor},
                 .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/ApiKeyPage"})"}}}});
    routes.add({.family = family,
                .method = "POST",
                .pattern = "/api/v2/keys",
                .scope = Scope::admin,
                .is_change = true,
                .handle = create_key,
                .doc = {.summary = "Make an API key; it is shown in this answer and never again",
                        .body = Doc::Body{"application/json", k_create_schema},
                        .answers = {{201, "made", "application/json", k_key_schema}, k_doc_conflict}}});
    routes.add({.family = family,
                .method = "DELETE",
                .pattern = "/api/v2/keys/{id}",
                .scope = Scope::admin,
                .is_change = true,
                .handle = revoke_key,
                .doc = {.summary = "Revoke an API key, by its id or name", .answers = {k_doc_done, k_doc_unknown}}});
    routes.add({.family = family,
                .method = "GET",
                .pattern = "/api/v2/audit",
                .scope = Scope::admin,
                .handle = audit,
                .doc = {.summary = "Who changed what, newest first",
                        .parameters = {{"who", "query", k_text, "account:siti, key:bk_abcdefgh, local:root"},
                                       {"origin", "query", k_text, "from this address"},
                                       {"action", "query", k_text, "people.remove, or all of people"},
                                       {"subject", "query", k_text, "done to this one"},
                                       {"person", "query", k_text,
                                        "done to the person of this id, which the log does not hold in the clear"},
                                       k_doc_since,
                                       k_doc_until,
                                       k_doc_limit,
                                       k_doc_cursor},
                        .answers = {{200, "a page", "application/json", R"({"$ref":"#/components/schemas/AuditRowPage"})"}}}});
}

}  // namespace bioctl::http
