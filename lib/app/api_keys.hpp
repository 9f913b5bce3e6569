#pragma once
// API keys: how programs say who they are. "bk_<8 characters>_<43 characters>": the first part is public, of the second only a
// digest is stored. Every change is in the audit log, in the same transaction.

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "lib/app/audit.hpp"
#include "lib/app/principal.hpp"
#include "lib/base/clock.hpp"
#include "lib/store/api_keys.hpp"
#include "lib/store/store.hpp"

namespace bioctl::app {

struct ApiKeyWish {
    std::string name;        ///< as of an account, see accounts.hpp; unique among the keys that are not revoked
    std::set<Scope> scopes;  ///< at least one; see principal.hpp for what each opens
    Timestamp expires_at{};  ///< 0: never
};

struct NewApiKey {
    store::ApiKey key;
    std::string secret;  ///< all of it, "bk_..._...": shown once
};

/// Throws Error{usage} for the name, the scopes and a time of expiry that is over, {data} for a name that is taken.
NewApiKey create_api_key(store::Store& store, Clock const& clock, Actor const& actor, ApiKeyWish const& wish);

/// The key of this name or public id, unless it is revoked. Throws Error{no_input} with the nearest name as a hint.
[[nodiscard]] store::ApiKey require_api_key(store::Store& store, std::string_view name_or_id);

/// By its name or its public id. Throws as require_api_key. From now on it opens nothing.
store::ApiKey revoke_api_key(store::Store& store, Clock const& clock, Actor const& actor, std::string_view name_or_id);

/// Of X-API-Key, or of Bearer: none if it is unknown, wrong, expired or revoked, whichever. Takes as long for each. Writes that
/// it was used, at most once a minute; a store that is busy, or open for reading, does not matter then.
[[nodiscard]] std::optional<Principal> check_api_key(store::Store& store, Clock const& clock, std::string_view secret);

/// Whether a text has the shape of an API key: those are refused where they do not belong, such as in a URL.
[[nodiscard]] bool looks_like_api_key(std::string_view text);

}  // namespace bioctl::app
