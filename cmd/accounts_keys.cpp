#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/account_verbs.hpp"
#include "cmd/audit_trail.hpp"
#include "cmd/device_verbs.hpp"
#include "cmd/ui/confirm.hpp"
#include "lib/app/api_keys.hpp"
#include "lib/app/moment.hpp"
#include "lib/base/secret.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr Group k_group = Group::setup;

ui::Value scopes_value(store::ApiKey const& key) {
    ui::Value::Array scopes;
    for (auto const& scope : key.scopes)
        scopes.emplace_back(scope);
    return scopes;
}

std::string_view state_of(store::ApiKey const& key, Timestamp now) {
    if (key.revoked_at != Timestamp{}) return "revoked";
    return key.expires_at != Timestamp{} && key.expires_at <= now ? "expired" : "valid";
}

ui::Fields fields_of(store::ApiKey const& key, Timestamp now) {
    return {{"name", key.name},
            {"id", key.id},
            {"scopes", scopes_value(key)},
            {"state", state_of(key, now)},
            {"expires_at", time_value(key.expires_at)},
            {"last_used_at", time_value(key.last_used_at)},
            {"created_at", time_value(key.created_at)},
            {"created_by", key.created_by},
            {"revoked_at", time_value(key.revoked_at)}};
}

void begin(Context& cx) {
    cx.out.columns({"name", "id", "scopes", "state", "expires_at", "last_used_at", "created_by"});
}

struct CreateOptions {
    std::string name;
    std::vector<std::string> scopes;
    std::optional<std::string> expires;
};

void add_create(CLI::App& verb, CreateOptions& o) {
    verb.add_option("name", o.name, "Name of the key: the program that will use it")->required()->type_name("NAME");
    verb.add_option("--scope", o.scopes, "What it opens, see SCOPES in the manual; may be given several times")
        ->required()
        ->type_name("read|recognize|enrol|people|devices|network|admin|metrics")
        ->check(CLI::IsMember({"read", "recognize", "enrol", "people", "devices", "network", "admin", "metrics"}));
    verb.add_option("--expires", o.expires,
                    "When it ends: after a time (12h, 90d, 52w), or at one (2027-01-31); without it never")
        ->type_name("TIME");
}

Timestamp expiry_of(std::string const& text, Context& cx) {
    auto const now = cx.clock.now();
    if (auto const span = app::parse_span(text)) return now + *span;
    // Here "2h" is a time to come, so what Zone::parse would read as one before now is out of the question.
    auto const time = app::Zone{cx.settings.timezone()}.parse(text, now);
    if (time && *time > now) return *time;
    throw Error{Kind::usage, fmt::format("--expires '{}' must be a time to come: 12h, 90d, 52w, or 2027-01-31", printable(text))};
}

int run_create(CreateOptions const& o, Context& cx) {
    app::ApiKeyWish wish{.name = o.name, .scopes = {}, .expires_at = {}};
    for (auto const& scope : o.scopes)
        wish.scopes.insert(app::scope_from(scope).or_throw());
    if (o.expires) wish.expires_at = expiry_of(*o.expires, cx);
    auto store = cx.open_store(store::Access::read_write);
    auto fresh = app::create_api_key(store, cx.clock, local_actor(), wish);
    // Nothing but the key, for KEY=$(bioctl accounts keys create ...).
    cx.out.columns({"key"});
    auto fields = fields_of(fresh.key, cx.clock.now());
    fields.insert(fields.begin(), {"key", fresh.secret});
    cx.out.record("created", fields);
    wipe(fresh.secret);
    cx.talk.note("the key is shown this once; send it as X-API-Key, or as a Bearer token");
    return k_exit_yes;
}

struct ListOptions {
    bool all = false;
};

void add_list(CLI::App& verb, ListOptions& o) {
    verb.add_flag("-a,--all", o.all, "Also those that were revoked");
}

int run_list(ListOptions const& o, Context& cx) {
    begin(cx);
    auto const keys =
        cx.has_store() ? cx.open_store(store::Access::read_only).api_keys().list(o.all) : std::vector<store::ApiKey>{};
    if (keys.empty()) cx.talk.note("there are no API keys; `bioctl accounts keys create` makes one");
    for (auto const& key : keys)
        cx.out.record("key", fields_of(key, cx.clock.now()));
    return k_exit_yes;
}

struct RevokeOptions {
    std::string key;
    bool yes = false;
};

void add_revoke(CLI::App& verb, RevokeOptions& o) {
    verb.add_option("name", o.key, "Name or id of the key")->required()->type_name("NAME");
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
}

int run_revoke(RevokeOptions const& o, Context& cx) {
    if (!cx.has_store()) throw Error{Kind::no_input, "there are no API keys; `bioctl accounts keys create` makes one"};
    auto store = cx.open_store(store::Access::read_write);
    auto const shown = app::require_api_key(store, o.key);
    if (!o.yes && !ui::confirm(fmt::format("Revoke the key {} ({}) for good?", printable(shown.name), shown.id))) {
        cx.talk.note("nothing was revoked");
        return k_exit_no;
    }
    auto const key = app::revoke_api_key(store, cx.clock, local_actor(), shown.id);
    begin(cx);
    cx.out.record("revoked", fields_of(key, cx.clock.now()));
    return k_exit_yes;
}

}  // namespace

Verb accounts_keys_verb() {
    return noun("keys", "Manage the keys that programs use", k_group,
                {verb("create", "Make a key and print it, once", k_group, add_create, run_create),
                 verb("list", "List the keys, without their secrets", k_group, add_list, run_list),
                 verb("revoke", "End a key", k_group, add_revoke, run_revoke)});
}

}  // namespace bioctl::cmd
