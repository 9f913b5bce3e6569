#pragma once
// MikroTik routers as users manage them: add, change, and what a success or a failure teaches about one.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/app/workspace.hpp"
#include "lib/base/seal.hpp"
#include "lib/ont/router_link.hpp"
#include "lib/store/routers.hpp"

namespace bioctl::app {

/// What is to be set; the rest stays, or has its default. `host`: "HOST" or "HOST:PORT", without a port the usual one of via and
/// tls.
struct RouterChange {
    std::optional<std::string> name{}, host{}, user{}, password{}, tls{}, pin{}, login{}, via{};
    std::optional<bool> enabled{};
};

/// Throws Error{usage} naming the field and what it may be, {data} if the name is taken.
store::Router add_router(store::Store& store, Clock const& clock, SealKey const& key, RouterChange const& wanted);

/// Whatever of it says how to log in, or enables it, ends a refusal: the router is tried again. Throws as add_router, and
/// Error{no_input} if there is no such router.
store::Router edit_router(store::Store& store, Clock const& clock, SealKey const& key, std::string_view name,
                          RouterChange const& change);

/// The router, or Error{no_input} with the nearest name as a hint.
[[nodiscard]] store::Router require_router(store::Store& store, std::string_view name);

/// Those named, or without names all that are enabled; Error{no_input} for a name that nobody has.
[[nodiscard]] std::vector<store::Router> choose_routers(store::Store& store, std::vector<std::string> const& names);

/// Error{no_input} unless there is, or was, a router of this name: its history stays.
void require_known_router(store::Store& store, std::string_view name);

/// 8728, 8729, 80 or 443.
[[nodiscard]] int usual_port(std::string_view via, std::string_view tls);

struct HostAndPort {
    std::string host{};
    std::optional<int> port{};
};
/// "192.0.2.1", "gw.example:8728", "[2001:db8::1]:8729", "2001:db8::1". Kind::usage says what is wrong.
[[nodiscard]] Result<HostAndPort> host_and_port(std::string_view text);

/// How to reach it, with the password in clear. Throws what SealKey::open() fails with.
[[nodiscard]] ont::RouterAccess access_of(store::Router const& router, SealKey const& key);

inline constexpr std::chrono::seconds k_longest_router_pause{600};

/// After a failure: exponentially longer until the next try, 30 s at first and 10 minutes at last. A refused login is not tried
/// again until the router is edited.
enum class FailedAt { login, later };
[[nodiscard]] store::RouterHealth health_after(store::RouterHealth const& before, Error const& error, FailedAt stage,
                                               Timestamp now);

/// Stores how it went, unless the router was changed since it was asked, and keeps its alert (see store/alerts.hpp) in step:
/// opened after three failures in a row or a refused login, which is not tried again; closed when the router answers. While the
/// monitor itself is cut off no router gets an alert of its own: that one is told already. Use inside Store::write().
void keep_health(store::Store& store, store::Router const& router, store::RouterHealth const& health, Timestamp now);

/// Its password is gone, its history stays, and an alert of it is over. Use inside Store::write().
void remove_router(store::Store& store, store::Router const& router, Timestamp now);

/// "bukit: the login was refused": the failure as users read it.
[[nodiscard]] Error named(store::Router const& router, Error const& error);

}  // namespace bioctl::app
