#pragma once
// Who may: the checks that come before a handler, in one place.

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>

#include "lib/app/principal.hpp"
#include "lib/http/route.hpp"

namespace bioctl::http {

inline constexpr std::string_view k_session_cookie = "bioctl_session";

/// Rates in requests a second; 0 = no limit.
struct GateRules {
    double rate = 50;    ///< of one client (IPv6: of one /64); this machine itself is not limited
    double burst = 200;  ///< that it may save up
};

/// What the checks found out.
struct Admitted {
    app::Principal who;
    std::string csrf_token;  ///< of the session that a cookie names; "" without one
    /// For the reply: the origin that a browser's script may read it from, "" = none.
    std::string cors_origin;
};
using Verdict = std::variant<Admitted, Trouble>;

/// For the thread of the network only.
class Gate {
public:
    /// Its own connection, which hardly ever waits.
    Gate(Site& site, Clock const& clock, store::Store store, GateRules rules);

    /// Of a request whose header has come, before its body is read. `route` is what it leads to.
    [[nodiscard]] Verdict judge(Request const& request, Route const& route, app::Visit visit = app::Visit::counts);
    /// The reply to a browser that asks whether it may (OPTIONS), or none if this is no such question.
    [[nodiscard]] std::optional<Reply> preflight(Request const& request, std::vector<std::string_view> const& methods) const;
    /// Seconds to wait if the client asks too often, else 0.
    [[nodiscard]] int hold_back(std::string const& client, bool is_local);

private:
    struct Bucket {
        double tokens;
        std::chrono::steady_clock::time_point at;
    };
    struct Known {
        std::optional<app::Principal> who;
        std::chrono::steady_clock::time_point until;
    };
    struct Identity {
        std::optional<app::Principal> who;
        bool has_shown_something = false;  ///< a key or a cookie, whether it is good or not
        bool is_by_cookie = false;
        std::string csrf_token{};
    };
    [[nodiscard]] Identity identify(Request const& request, app::Visit visit);
    [[nodiscard]] std::optional<Trouble> trouble_with_origin(Request const& request, Route const& route) const;
    [[nodiscard]] bool is_allowed_origin(Request const& request, std::string_view origin) const;
    [[nodiscard]] std::optional<app::Principal> owner_of(std::string const& key);
    [[nodiscard]] bool has_credentials();

    Site& m_site;
    Clock const& m_clock;
    store::Store m_store;
    GateRules m_rules;
    std::unordered_map<std::string, Bucket> m_buckets;
    std::unordered_map<std::string, Known> m_keys;  // by digest
    std::optional<Known> m_credentials;
};

/// Whether a page of `origin` ("https://host:port") came from this very server, as the client names it.
[[nodiscard]] bool is_same_origin(Request const& request, std::string_view origin);

}  // namespace bioctl::http
