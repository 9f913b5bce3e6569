#include "lib/app/router_check.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using ont::RouterReply;

constexpr std::size_t k_longest_text = 256, k_most_servers = 1000;

class Check {
public:
    Check(store::Store& store, Clock const& clock, store::Router const& router, RouterCheckRules const& rules,
          std::function<void(RouterFinding const&)> const& on_finding)
        : m_store(store), m_clock(clock), m_router(router), m_rules(rules), m_on_finding(on_finding) {}

    void tell(std::string_view topic, Fitness fitness, std::string text, std::string remedy = "") {
        m_worst = std::max(m_worst, fitness);
        m_on_finding({topic, fitness, std::move(text), std::move(remedy)});
    }

    [[nodiscard]] std::unique_ptr<ont::RouterLink> open(ont::RouterAccess const& access) {
        try {
            auto link = ont::open_router(access, m_rules.times, far_away());
            m_store.write([&] { keep_health(m_store, m_router, {.state = "ok"}, m_clock.now()); });
            return link;
        } catch (Error const& error) {
            keep(error, FailedAt::login);
            bool const is_login = error.kind() == Kind::permission;
            auto remedy = is_login ? fmt::format("set the right one: bioctl routers edit {} --password-file FILE",
                                                 shell_word(m_router.config.name))
                                   : std::string{"see what the message says, then check again"};
            tell(is_login ? "login" : "reach", Fitness::bad, error.message(), std::move(remedy));
            return nullptr;
        }
    }

    void ask(ont::RouterLink& link) {
        try {
            ask_system(link);
            ask_hotspot(link);
        } catch (Error const& error) {
            if (error.kind() != Kind::data) keep(error, FailedAt::later);
            tell("answer", Fitness::bad, error.message(), "give the router's user the policies read, test and api (or rest-api)");
        }
    }

    void warn_of_tls() {
        auto const& tls = m_router.config.tls;
        if (tls == "off")
            tell("tls", Fitness::warning, "the password travels in the clear",
                 "enable api-ssl or www-ssl with a certificate on the router, then --tls ca or pin");
        if (tls == "anon")
            tell("tls", Fitness::warning, "encrypted, but nothing proves that it is the router",
                 "give api-ssl a certificate on the router, then --tls pin");
        if (tls == "ca" || tls == "pin") tell("tls", Fitness::good, tls == "ca" ? "by a known authority" : "by its public key");
    }

    [[nodiscard]] Fitness worst() const { return m_worst; }

private:
    static std::chrono::steady_clock::time_point far_away() {
        constexpr std::chrono::minutes k_far{10};
        return std::chrono::steady_clock::now() + k_far;
    }

    void keep(Error const& error, FailedAt stage) {
        if (m_rules.times.should_stop && m_rules.times.should_stop()) return;  // given up half-way: that teaches nothing
        auto const health = health_after(m_router.health, error, stage, m_clock.now());
        m_store.write([&] { keep_health(m_store, m_router, health, m_clock.now()); });
    }

    void ask_system(ont::RouterLink& link) {
        std::string name, version, board, uptime;
        link.print("/system/identity", {"name"}, far_away(),
                   [&](RouterReply const& row) { name = ont::router_text(row.get("name"), k_longest_text); });
        link.print("/system/resource", {"version", "board-name", "uptime"}, far_away(), [&](RouterReply const& row) {
            version = ont::router_text(row.get("version"), k_longest_text);
            board = ont::router_text(row.get("board-name"), k_longest_text);
            uptime = ont::router_text(row.get("uptime"), k_longest_text);
        });
        m_store.write([&] { m_store.routers().set_identity(m_router.key, m_router.generation, name, version); });
        tell("identity", Fitness::good, name);
        tell("version", Fitness::good, fmt::format("RouterOS {} on {}, up {}", version, board, uptime));
    }

    void ask_hotspot(ont::RouterLink& link) {
        std::vector<std::string> servers;
        link.print("/ip/hotspot", {"name", "disabled"}, far_away(), [&](RouterReply const& row) {
            bool const is_enabled = row.get("disabled") != "true" && row.get("disabled") != "yes";
            if (is_enabled && servers.size() < k_most_servers)
                servers.push_back(ont::router_text(row.get("name"), k_longest_text));
        });
        if (servers.empty()) {
            tell("hotspot", Fitness::warning, "no hotspot server is enabled",
                 "enable one: /ip hotspot enable; or remove the router here");
        } else {
            tell("hotspot", Fitness::good, fmt::format("{}", fmt::join(servers, ", ")));
        }
        std::uint64_t users = 0;
        link.print("/ip/hotspot/active", {".id"}, far_away(), [&](RouterReply const&) { ++users; });
        tell("users", Fitness::good, counted(users, "active user", "active users"));
    }

    store::Store& m_store;
    Clock const& m_clock;
    store::Router const& m_router;
    RouterCheckRules const& m_rules;
    std::function<void(RouterFinding const&)> const& m_on_finding;
    Fitness m_worst = Fitness::good;
};

}  // namespace

Fitness check_router(store::Store& store, Clock const& clock, SealKey const& key, store::Router const& router,
                     RouterCheckRules const& rules, std::function<void(RouterFinding const&)> const& on_finding) {
    Check check{store, clock, router, rules, on_finding};
    auto const edit = fmt::format("bioctl routers edit {} --password-file FILE", shell_word(router.config.name));
    if (router.health.state == "refused" && !rules.force) {
        check.tell("login", Fitness::bad, fmt::format("not tried again: {}", router.health.reason),
                   fmt::format("{}; or --force, if it was the router that was wrong", edit));
        return check.worst();
    }
    std::optional<ont::RouterAccess> access;
    try {
        access = access_of(router, key);
    } catch (Error const& error) {
        check.tell("password", Fitness::bad, error.message(), fmt::format("set it anew: {}", edit));
        return check.worst();
    }
    auto const link = check.open(*access);
    if (!link) return check.worst();
    check.tell("login", Fitness::good, fmt::format("as {}", router.config.user));
    check.warn_of_tls();
    check.ask(*link);
    return check.worst();
}

}  // namespace bioctl::app
