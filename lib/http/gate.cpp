#include "lib/http/gate.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "lib/app/accounts.hpp"
#include "lib/app/api_keys.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/secret.hpp"
#include "lib/base/text.hpp"
#include "lib/http/site.hpp"

namespace bioctl::http {

namespace {

// How long a key that was looked up stays good without another look: so long may a revocation take.
constexpr std::chrono::seconds k_key_memory{2};
constexpr std::chrono::seconds k_credential_memory{1};
constexpr std::size_t k_most_remembered = 10'000;

using Steady = std::chrono::steady_clock;

/// What the old services offered without a login.
bool is_compatible(Family family) {
    return family == Family::attendance || family == Family::laravel || family == Family::biometric ||
           family == Family::monitor || family == Family::operations;
}

/// "[::1]:8080" -> "::1", "localhost:8080" -> "localhost"
std::string_view host_of(std::string_view authority) {
    if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
    return authority.substr(0, authority.rfind(':'));
}

/// A page of another site may have its name point to 127.0.0.1; its requests then carry that name.
bool is_loopback_name(std::string_view authority) {
    auto const host = to_lower_ascii(host_of(authority));
    return host.empty() || host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string key_in(Request const& request) {
    if (auto const key = request.headers.get("x-api-key"); !key.empty()) return std::string{trim(key)};
    auto const authorization = request.headers.get("authorization");
    constexpr std::string_view k_bearer = "bearer ";
    if (authorization.size() > k_bearer.size() && to_lower_ascii(authorization.substr(0, k_bearer.size())) == k_bearer)
        return std::string{trim(authorization.substr(k_bearer.size()))};
    return {};
}

bool has_key_in_url(Request const& request) {
    return std::ranges::any_of(request.target.query, [](auto const& pair) { return app::looks_like_api_key(pair.second); });
}

/// Clients of one IPv6 network of a customer are one client.
std::string client_group(std::string const& client) {
    if (client.find(':') == std::string::npos) return client;
    std::size_t end = 0;
    for (int colons = 0; end < client.size() && colons < 4; ++end) {
        if (client[end] == ':') ++colons;
    }
    return client.substr(0, end);
}

}  // namespace

bool is_same_origin(Request const& request, std::string_view origin) {
    auto const host = request.headers.get("host");
    if (host.empty()) return false;
    auto const scheme = request.is_tls ? "https://" : "http://";
    return to_lower_ascii(origin) == to_lower_ascii(fmt::format("{}{}", scheme, host));
}

Gate::Gate(Site& site, bioctl::Clock const& clock, store::Store store, GateRules rules)
    : m_site(site), m_clock(clock), m_store(std::move(store)), m_rules(rules) {}

int Gate::hold_back(std::string const& client, bool is_local) {
    if (m_rules.rate <= 0 || is_local) return 0;
    auto const now = Steady::now();
    if (m_buckets.size() > k_most_remembered)
        std::erase_if(m_buckets, [&](auto const& entry) { return now - entry.second.at > std::chrono::minutes{1}; });
    auto const [entry, is_new] = m_buckets.try_emplace(client_group(client), Bucket{m_rules.burst, now});
    auto& bucket = entry->second;
    auto const waited = std::chrono::duration<double>(now - bucket.at).count();
    bucket.tokens = std::min(m_rules.burst, bucket.tokens + waited * m_rules.rate);
    bucket.at = now;
    if (bucket.tokens < 1) return static_cast<int>(std::ceil((1 - bucket.tokens) / m_rules.rate));
    bucket.tokens -= 1;
    return 0;
}

bool Gate::has_credentials() {
    auto const now = Steady::now();
    if (!m_credentials || m_credentials->until < now) {
        auto const has = app::has_any_credential(m_store);
        m_credentials = Known{has ? std::optional{app::Principal{}} : std::nullopt, now + k_credential_memory};
    }
    return m_credentials->who.has_value();
}

std::optional<app::Principal> Gate::owner_of(std::string const& key) {
    auto const now = Steady::now();
    auto const digest = to_hex(sha256(as_bytes(key)));
    auto const known = m_keys.find(digest);
    if (known != m_keys.end() && known->second.until > now) return known->second.who;
    if (m_keys.size() > k_most_remembered) m_keys.clear();
    auto owner = app::check_api_key(m_store, m_clock, key);
    m_keys.insert_or_assign(digest, Known{owner, now + k_key_memory});
    return owner;
}

Gate::Identity Gate::identify(Request const& request, app::Visit visit) {
    if (auto const key = key_in(request); !key.empty()) return {.who = owner_of(key), .has_shown_something = true};
    if (auto const token = request.cookie(k_session_cookie); !token.empty()) {
        if (auto session = app::session(m_store, m_clock, token, visit))
            return {.who = session->principal,
                    .has_shown_something = true,
                    .is_by_cookie = true,
                    .csrf_token = std::move(session->csrf_token)};
    }
    return {};
}

bool Gate::is_allowed_origin(Request const& request, std::string_view origin) const {
    if (is_same_origin(request, origin)) return true;
    return std::ranges::any_of(m_site.rules()->cors_origins, [&](auto const& one) { return one == "*" || one == origin; });
}

std::optional<Trouble> Gate::trouble_with_origin(Request const& request, Route const& route) const {
    auto const origin = request.headers.get("origin");
    if (origin.empty() || route.is_public || is_allowed_origin(request, origin)) return std::nullopt;
    // Reading is left to the browser, which shows the page nothing without our consent. A request that does something would have
    // done it by then.
    if (route.method == "GET" && route.work != Work::live) return std::nullopt;
    return Trouble{Refusal::forbidden,
                   fmt::format("pages of {} may not do this; the setting cors_origins says which may", printable(origin))};
}

Verdict Gate::judge(Request const& request, Route const& route, app::Visit visit) {
    if (auto trouble = trouble_with_origin(request, route)) return *trouble;
    if (has_key_in_url(request))
        return Trouble{Refusal::bad_request, "an API key does not belong in a URL, which ends up in logs; send it as X-API-Key"};
    auto identity = identify(request, visit);
    Admitted admitted;
    auto const origin = request.headers.get("origin");
    if (!origin.empty() && (route.is_public || is_allowed_origin(request, origin))) admitted.cors_origin = origin;
    if (identity.who) {
        admitted.who = std::move(*identity.who);
        admitted.csrf_token = std::move(identity.csrf_token);
    }
    if (route.is_change && m_site.rules()->is_readonly)
        return Trouble{Refusal::forbidden, "this server is for reading only (--readonly)"};
    if (!route.scope) return admitted;
    if (!identity.who) {
        if (identity.has_shown_something) return Trouble{Refusal::wrong_credential, "the API key is unknown, expired or revoked"};
        if (!is_compatible(route.family) || !request.is_local || has_credentials())
            return Trouble{Refusal::no_credential,
                           "log in, or send an API key as X-API-Key; `bioctl accounts keys create` makes one"};
        if (!is_loopback_name(request.headers.get("host")))
            return Trouble{Refusal::forbidden, "without an API key the server is reached as localhost only"};
        admitted.who = app::local_principal("anybody");
    }
    if (identity.is_by_cookie && route.is_change &&
        !constant_time_equal(admitted.csrf_token, request.headers.get("x-csrf-token")))
        return Trouble{Refusal::forbidden, "the CSRF token is missing or wrong; load the page again"};
    if (!admitted.who.may(*route.scope))
        return Trouble{Refusal::forbidden, fmt::format("'{}' may not do this: it needs the scope {}",
                                                       printable(admitted.who.name), app::name_of(*route.scope))};
    return admitted;
}

std::optional<Reply> Gate::preflight(Request const& request, std::vector<std::string_view> const& methods) const {
    auto const origin = request.headers.get("origin");
    if (request.method != "OPTIONS" || origin.empty() || !request.headers.has("access-control-request-method"))
        return std::nullopt;
    Reply reply;
    reply.status = 204;
    reply.content_type.clear();
    reply.headers.add("Vary", "Origin");
    if (!is_allowed_origin(request, origin)) return reply;
    std::string allowed;
    for (auto const method : methods)
        allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", method);
    reply.headers.add("Access-Control-Allow-Origin", std::string{origin});
    reply.headers.add("Access-Control-Allow-Methods", std::move(allowed));
    reply.headers.add("Access-Control-Allow-Headers", "Authorization, Content-Type, X-API-Key, X-CSRF-Token, X-Request-Id");
    reply.headers.add("Access-Control-Max-Age", "600");
    return reply;
}

}  // namespace bioctl::http
