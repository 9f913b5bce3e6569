#include "lib/app/api_keys.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/app/credential_names.hpp"
#include "lib/app/touch.hpp"
#include "lib/base/secret.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr std::string_view k_prefix = "bk_";
constexpr std::size_t k_id_characters = 8;
constexpr std::size_t k_secret_characters = 43;  // of random_token()
constexpr std::size_t k_public = k_prefix.size() + k_id_characters;
constexpr std::chrono::minutes k_used_step{1};

std::string_view view_of(Sha256 const& digest) {
    return as_text(ByteView{digest.bytes});
}

std::set<Scope> scopes_of(store::ApiKey const& key) {
    std::set<Scope> scopes;
    for (auto const& name : key.scopes) {
        // What a newer version has written opens nothing here.
        if (auto const scope = scope_from(name)) scopes.insert(*scope);
    }
    return scopes;
}

void check(ApiKeyWish const& wish, Timestamp now) {
    require_credential_name("API key", wish.name);
    if (wish.name.starts_with(k_prefix))
        throw Error{Kind::usage, fmt::format("the name of a key does not begin with {}: its id does", k_prefix)};
    if (wish.scopes.empty()) throw Error{Kind::usage, "a key opens at least one scope; see bioctl-accounts(1) for all of them"};
    if (wish.expires_at != Timestamp{} && wish.expires_at <= now)
        throw Error{Kind::usage, fmt::format("the key would have expired at {} already", to_rfc3339(wish.expires_at))};
}

}  // namespace

bool looks_like_api_key(std::string_view text) {
    return text.size() == k_public + 1 + k_secret_characters && text.starts_with(k_prefix) && text[k_public] == '_';
}

store::ApiKey require_api_key(store::Store& store, std::string_view name_or_id) {
    auto const by_id = store.api_keys().get(name_or_id);
    if (by_id && by_id->revoked_at == Timestamp{}) return *by_id;
    if (by_id) {
        throw Error{Kind::no_input,
                    fmt::format("the key {} was revoked at {} already", printable(name_or_id), to_rfc3339(by_id->revoked_at))};
    }
    if (auto key = store.api_keys().named(name_or_id)) return *std::move(key);
    auto const keys = store.api_keys().list(false);
    std::vector<std::string_view> names;
    for (auto const& key : keys)
        names.push_back(key.name);
    throw Error{Kind::no_input,
                fmt::format("there is no key '{}'{} `bioctl accounts keys list` shows all",
                            // Whoever gives the whole key finds it neither in a log nor on the screen.
                            looks_like_api_key(name_or_id) ? name_or_id.substr(0, k_public) : printable(name_or_id),
                            did_you_mean(name_or_id, names))};
}

NewApiKey create_api_key(store::Store& store, Clock const& clock, Actor const& actor, ApiKeyWish const& wish) {
    auto const now = clock.now();
    check(wish, now);
    NewApiKey fresh;
    auto const secret = random_token();
    store.write([&] {
        auto& key = fresh.key;
        do
            key.id = std::string{k_prefix} + random_id(k_id_characters);
        while (store.api_keys().get(key.id));
        key.name = wish.name;
        key.digest = sha256(as_bytes(secret));
        for (auto const scope : wish.scopes)
            key.scopes.emplace_back(name_of(scope));
        key.expires_at = wish.expires_at;
        key.created_at = now;
        key.created_by = actor.who;
        store.api_keys().add(key);
        AuditDetail detail{{"id", key.id}, {"scopes", fmt::format("{}", fmt::join(key.scopes, " "))}};
        if (key.expires_at != Timestamp{}) detail.emplace_back("expires_at", to_rfc3339(key.expires_at));
        record(store, clock, actor, "accounts.keys.create", key.name, detail);
    });
    fresh.secret = fmt::format("{}_{}", fresh.key.id, secret);
    return fresh;
}

store::ApiKey revoke_api_key(store::Store& store, Clock const& clock, Actor const& actor, std::string_view name_or_id) {
    store::ApiKey key;
    store.write([&] {
        key = require_api_key(store, name_or_id);
        store.api_keys().revoke(key.id, clock.now());
        record(store, clock, actor, "accounts.keys.revoke", key.name, {{"id", key.id}});
    });
    key.revoked_at = clock.now();
    return key;
}

std::optional<Principal> check_api_key(store::Store& store, Clock const& clock, std::string_view secret) {
    bool const has_shape = looks_like_api_key(secret);
    auto const id = has_shape ? secret.substr(0, k_public) : std::string_view{};
    std::optional<store::ApiKey> key;
    store.read([&] { key = store.api_keys().get(id); });
    // Also where there is none: a digest of zeros is that of nothing anybody knows.
    auto const given = sha256(as_bytes(has_shape ? secret.substr(k_public + 1) : secret.substr(0, k_secret_characters)));
    bool const matches = constant_time_equal(view_of(given), view_of(key ? key->digest : Sha256{}));
    auto const now = clock.now();
    bool const is_over = key && (key->revoked_at != Timestamp{} || (key->expires_at != Timestamp{} && key->expires_at <= now));
    if (!key || !matches || is_over) return std::nullopt;
    // Also when the clock was set back.
    if (now >= key->last_used_at + k_used_step || now < key->last_used_at)
        touch(store, [&] { store.api_keys().set_used(key->id, now); });
    return Principal{.name = key->name, .kind = "key", .scopes = scopes_of(*key), .id = key->id};
}

}  // namespace bioctl::app
