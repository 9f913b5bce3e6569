#include "lib/app/hotspot_live.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/share.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

struct Asked {
    LiveHotspot live;
    std::optional<store::RouterHealth> health{};  // what it has come to
};

bool has_pause(store::RouterHealth const& health, Timestamp now) {
    // One that lies further ahead was written before the clock was set back.
    return health.not_before > now && health.not_before <= now + k_longest_router_pause;
}

/// Why it is better not asked.
std::optional<Error> obstacle(store::Router const& router, Asking asking, Timestamp now) {
    auto const& health = router.health;
    if (health.state == "refused")
        return named(
            router, Error{Kind::permission, fmt::format("{}; not tried again until `bioctl routers edit {} --password-file FILE`",
                                                        health.reason, shell_word(router.config.name))});
    if (asking != Asking::by_hand && has_pause(health, now))
        return named(router, Error{Kind::unavailable,
                                   fmt::format("{}; not tried again before {}", health.reason, to_rfc3339(health.not_before))});
    return std::nullopt;
}

bool is_kept(std::optional<store::RouterHealth> const& health, Asking asking) {
    return health && (asking == Asking::by_hand || health->state == "refused");
}

void ask(Asked& asked, Asking asking, Clock const& clock, SealKey const& key, ont::RouterTimes const& times,
         std::chrono::steady_clock::time_point deadline) {
    auto const& router = asked.live.router;
    asked.live.error = obstacle(router, asking, clock.now());
    if (asked.live.error) return;
    auto stage = FailedAt::login;
    try {
        auto const link = ont::open_router(access_of(router, key), times, deadline);
        stage = FailedAt::later;
        asked.live.snapshot = read_hotspot(*link, deadline);
        asked.health = store::RouterHealth{.state = "ok"};
    } catch (Error const& error) {
        asked.health = health_after(router.health, error, stage, clock.now());
        asked.live.error = named(router, error);
    }
}

std::vector<LiveHotspot> taken(std::vector<Asked>& asked) {
    std::vector<LiveHotspot> result;
    for (auto& each : asked)
        result.push_back(std::move(each.live));
    return result;
}

}  // namespace

std::vector<LiveHotspot> ask_hotspots(store::Store& store, Clock const& clock, SealKey const& key,
                                      std::vector<store::Router> const& routers, Asking asking, ont::RouterTimes const& times,
                                      std::chrono::steady_clock::time_point deadline, std::function<bool()> const& should_stop) {
    constexpr int k_jobs = 16;
    std::vector<Asked> asked;
    for (auto const& router : routers) {
        asked.push_back({.live = {.router = router}});
        asked.back().live.error = named(router, Error{Kind::unavailable, "was not asked: the time was up"});
    }
    share(routers.size(), k_jobs, should_stop, [&](NextPiece const& next) {
        while (auto const piece = next()) {
            if (std::chrono::steady_clock::now() >= deadline) continue;
            asked[*piece].live.error.reset();
            ask(asked[*piece], asking, clock, key, times, deadline);
        }
    });
    auto const is_worth_keeping = [&](Asked const& each) { return is_kept(each.health, asking); };
    // What was given up half-way teaches nothing.
    if (should_stop() || std::ranges::none_of(asked, is_worth_keeping)) return taken(asked);
    store.write([&] {
        for (auto const& each : asked) {
            if (is_worth_keeping(each)) keep_health(store, each.live.router, *each.health, clock.now());
        }
    });
    return taken(asked);
}

}  // namespace bioctl::app
