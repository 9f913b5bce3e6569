#include "lib/app/hotspot_live.hpp"

#include <fmt/format.h>

#include "lib/app/share.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

struct Asked {
    LiveHotspot live;
    std::optional<store::RouterHealth> health{};  // what it has come to
};

void ask(Asked& asked, Clock const& clock, SealKey const& key, ont::RouterTimes const& times,
         std::chrono::steady_clock::time_point deadline) {
    auto const& router = asked.live.router;
    if (router.health.state == "refused") {
        asked.live.error = named(
            router, Error{Kind::permission, fmt::format("{}; not tried again until `bioctl routers edit {} --password-file FILE`",
                                                        router.health.reason, shell_word(router.config.name))});
        return;
    }
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

}  // namespace

std::vector<LiveHotspot> ask_hotspots(store::Store& store, Clock const& clock, SealKey const& key,
                                      std::vector<store::Router> const& routers, ont::RouterTimes const& times,
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
            ask(asked[*piece], clock, key, times, deadline);
        }
    });
    std::vector<LiveHotspot> result;
    store.write([&] {
        // What was given up half-way teaches nothing.
        if (should_stop()) return;
        for (auto const& each : asked) {
            if (each.health) keep_health(store, each.live.router, *each.health, clock.now());
        }
    });
    for (auto& each : asked)
        result.push_back(std::move(each.live));
    return result;
}

}  // namespace bioctl::app
