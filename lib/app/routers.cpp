#include "lib/app/routers.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "lib/base/text.hpp"
#include "lib/ont/address.hpp"
#include "lib/store/alerts.hpp"

namespace bioctl::app {

namespace {

constexpr std::string_view k_alert = "router";
// With the pauses in between (health_after) at least a minute and a half: a router that is restarted is back by then.
constexpr int k_failures_to_tell = 3;

[[noreturn]] void refuse(std::string_view field, std::string_view value, std::string_view rule) {
    throw Error{Kind::usage, fmt::format("{} '{}' {}", field, printable(value), rule)};
}

void check_name(std::string_view name) {
    constexpr std::size_t k_longest = 64;
    auto const is_allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               std::string_view{"._- "}.find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80;
    };
    bool const is_name = !name.empty() && name.size() <= k_longest && name == trim(name) && name.front() != '-' &&
                         is_utf8(name) && std::ranges::all_of(name, is_allowed);
    if (!is_name) refuse("name", name, "must have 1 to 64 letters, digits, '.', '_', '-' or spaces, and not begin with a dash");
}

void check_choice(std::string_view field, std::string_view value, std::initializer_list<std::string_view> choices) {
    if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
    refuse(field, value, fmt::format("must be one of: {}", fmt::join(choices, ", ")));
}

bool is_pin(std::string_view pin) {
    constexpr std::string_view k_start = "sha256//",
                               k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    constexpr std::size_t k_digits_of_sha256 = 44;
    if (!pin.starts_with(k_start)) return false;
    auto const digits = pin.substr(k_start.size());
    return digits.size() == k_digits_of_sha256 && digits.find_first_not_of(k_digits) == std::string_view::npos;
}

void check(store::RouterConfig const& config) {
    check_name(config.name);
    if (config.user.empty()) throw Error{Kind::usage, "a user is missing: --user NAME"};
    bool const has_control = std::ranges::any_of(config.user, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (config.user.size() > 512 || has_control)
        refuse("user", config.user, "must have at most 512 bytes and no control characters");
    if (config.password.empty()) throw Error{Kind::usage, "a password is missing: --password-file FILE, or - for standard input"};
    check_choice("via", config.via, {"api", "rest"});
    check_choice("tls", config.tls, {"ca", "pin", "off", "anon"});
    check_choice("login", config.login, {"auto", "plain", "md5"});
    if (config.via == "rest" && config.tls == "anon")
        throw Error{Kind::usage, "tls 'anon' is for the api; HTTPS needs a certificate on the router: --tls ca or pin"};
    if (config.tls == "pin" && !is_pin(config.pin))
        throw Error{Kind::usage,
                    "tls 'pin' needs the public key of the router: --pin sha256//BASE64; `bioctl routers check` tells "
                    "it when --tls ca fails"};
}

template <class Value>
void assign(Value& value, std::optional<Value> const& wanted) {
    if (wanted) value = *wanted;
}

store::RouterConfig changed(store::RouterConfig config, RouterChange const& change, SealKey const& key) {
    bool const has_usual_port = config.host.empty() || config.port == usual_port(config.via, config.tls);
    assign(config.name, change.name);
    assign(config.user, change.user);
    if (change.password) config.password = key.seal(*change.password);
    assign(config.via, change.via);
    assign(config.tls, change.tls);
    assign(config.pin, change.pin);
    assign(config.login, change.login);
    assign(config.enabled, change.enabled);
    check(config);
    std::optional<int> port;
    if (change.host) {
        auto const parsed = host_and_port(*change.host).or_throw();
        config.host = parsed.host;
        port = parsed.port;
    }
    if (port) config.port = *port;
    if (!port && (change.host || has_usual_port)) config.port = usual_port(config.via, config.tls);
    return config;
}

bool may_be_tried_again(RouterChange const& change) {
    return change.host || change.user || change.password || change.tls || change.pin || change.login || change.via ||
           change.enabled.value_or(false);
}

}  // namespace

int usual_port(std::string_view via, std::string_view tls) {
    bool const is_clear = tls == "off";
    if (via == "rest") return is_clear ? 80 : 443;
    return is_clear ? 8728 : 8729;
}

Result<HostAndPort> host_and_port(std::string_view text) {
    auto const wrong = [&](std::string_view why) {
        return failure(Error{Kind::usage, fmt::format("host '{}': {}", printable(text), why)});
    };
    if (text.find("://") != std::string_view::npos) return wrong("is a name or an address, without a scheme");
    HostAndPort result;
    std::string_view port;
    auto const colon = text.rfind(':');
    if (text.starts_with('[')) {
        auto const end = text.find(']');
        if (end == std::string_view::npos) return wrong("']' is missing");
        result.host = text.substr(1, end - 1);
        port = text.substr(end + 1);
        if (!port.empty() && port.front() != ':') return wrong("must end after ']' or go on with ':PORT'");
        if (!ont::parse_address(result.host)) return wrong("is no IPv6 address");
    } else if (colon == std::string_view::npos || ont::parse_address(text)) {
        result.host = text;
    } else {
        result.host = text.substr(0, colon);
        port = text.substr(colon);
    }
    bool const is_odd = std::ranges::any_of(result.host, [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || std::string_view{"/?#@"}.find(c) != std::string_view::npos;
    });
    if (result.host.empty() || result.host.size() > 253 || is_odd || result.host.front() == '-')
        return wrong("is not the name or the address of a router");
    if (!ont::parse_address(result.host) && result.host.find(':') != std::string::npos)
        return wrong("an IPv6 address with a port is written [ADDRESS]:PORT");
    if (port.empty()) return result;
    port.remove_prefix(1);
    int number = 0;
    auto const [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc{} || end != port.data() + port.size() || number < 1 || number > 65'535)
        return wrong("the port must be a number from 1 to 65535");
    result.port = number;
    return result;
}

store::Router require_router(store::Store& store, std::string_view name) {
    if (auto router = store.routers().get(name)) return *std::move(router);
    auto const routers = store.routers().list();
    std::vector<std::string_view> names;
    for (auto const& router : routers)
        names.push_back(router.config.name);
    throw Error{Kind::no_input, fmt::format("there is no router '{}'{} `bioctl routers list` shows all", printable(name),
                                            did_you_mean(name, names))};
}

std::vector<store::Router> choose_routers(store::Store& store, std::vector<std::string> const& names) {
    std::vector<store::Router> chosen;
    for (auto const& name : names) {
        auto router = require_router(store, name);
        if (std::ranges::none_of(chosen, [&](store::Router const& other) { return other.key == router.key; }))
            chosen.push_back(std::move(router));
    }
    if (!names.empty()) return chosen;
    chosen = store.routers().list();
    std::erase_if(chosen, [](store::Router const& router) { return !router.config.enabled; });
    return chosen;
}

void require_known_router(store::Store& store, std::string_view name) {
    auto const known = store.routers().names_ever();
    if (std::ranges::find(known, name) != known.end()) return;
    std::vector<std::string_view> const names{known.begin(), known.end()};
    throw Error{Kind::no_input, fmt::format("there is no router '{}'{} `bioctl routers list` shows all", printable(name),
                                            did_you_mean(name, names))};
}

store::Router add_router(store::Store& store, Clock const& clock, SealKey const& key, RouterChange const& wanted) {
    if (!wanted.host) throw Error{Kind::usage, "the host of the router is missing"};
    auto const config = changed({}, wanted, key);
    store::Router router;
    store.write([&] {
        auto routers = store.routers();
        router = *routers.get(routers.add(config, clock.now()));
    });
    return router;
}

store::Router edit_router(store::Store& store, Clock const& clock, SealKey const& key, std::string_view name,
                          RouterChange const& change) {
    store::Router router;
    store.write([&] {
        router = require_router(store, name);
        auto const config = changed(router.config, change, key);
        auto routers = store.routers();
        auto const other = routers.get(config.name);
        if (other && other->key != router.key)
            throw Error{Kind::data, fmt::format("another router is called '{}'", printable(config.name))};
        routers.set_config(router.key, config, clock.now());
        if (may_be_tried_again(change)) routers.set_health(router.key, {});
        // Nobody asks it any more, so nobody would ever see it come back.
        if (!config.enabled) store.alerts().close(k_alert, router.key, clock.now());
        router = *routers.get(router.key);
    });
    return router;
}

ont::RouterAccess access_of(store::Router const& router, SealKey const& key) {
    auto const& config = router.config;
    ont::RouterAccess access;
    access.host = config.host;
    access.port = static_cast<std::uint16_t>(config.port);
    access.via = config.via == "rest" ? ont::RouterVia::rest : ont::RouterVia::api;
    access.tls = config.tls == "off"    ? ont::RouterTls::off
                 : config.tls == "pin"  ? ont::RouterTls::pin
                 : config.tls == "anon" ? ont::RouterTls::anon
                                        : ont::RouterTls::ca;
    access.pin = config.pin;
    access.user = config.user;
    access.password = key.open(config.password).or_throw();
    access.login = config.login == "plain" ? ont::RouterLogin::plain
                   : config.login == "md5" ? ont::RouterLogin::md5
                                           : ont::RouterLogin::automatic;
    return access;
}

store::RouterHealth health_after(store::RouterHealth const& before, Error const& error, FailedAt stage, Timestamp now) {
    constexpr std::chrono::seconds k_first{30};
    constexpr int k_doublings = 5;
    store::RouterHealth health;
    health.state = stage == FailedAt::login && error.kind() == Kind::permission ? "refused" : "failing";
    health.failures = std::min(before.failures, 1'000'000) + 1;
    health.not_before = now + std::min(k_first * (1 << std::min(health.failures - 1, k_doublings)), k_longest_router_pause);
    health.reason = error.message();
    return health;
}

void keep_health(store::Store& store, store::Router const& router, store::RouterHealth const& health, Timestamp now) {
    auto routers = store.routers();
    if (!routers.is_current(router.key, router.generation)) return;
    routers.set_health(router.key, health);
    auto alerts = store.alerts();
    if (health.state == "ok") return alerts.close(k_alert, router.key, now);
    bool const is_refused = health.state == "refused";
    constexpr std::int64_t k_monitor = 0;
    if ((!is_refused && health.failures < k_failures_to_tell) || alerts.is_open("monitor", k_monitor)) return;
    auto const what = is_refused ? "refuses the login" : "cannot be read";
    alerts.open(k_alert, router.key, fmt::format("router {} {}", router.config.name, what), now);
}

void remove_router(store::Store& store, store::Router const& router, Timestamp now) {
    store.routers().remove(router.config.name, now);
    store.alerts().close(k_alert, router.key, now);
}

Error named(store::Router const& router, Error const& error) {
    return error.within(printable(router.config.name));
}

}  // namespace bioctl::app
