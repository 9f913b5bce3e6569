#include "lib/app/hotspot_poller.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "lib/app/hotspot.hpp"
#include "lib/app/hotspot_retention.hpp"
#include "lib/app/routers.hpp"
#include "lib/app/share.hpp"

namespace bioctl::app {

namespace {

using std::chrono::steady_clock;

RouterIdentity ask_identity(ont::RouterLink& link, steady_clock::time_point deadline) {
    constexpr std::size_t k_longest = 256;
    RouterIdentity identity;
    link.print("/system/identity", {"name"}, deadline,
               [&](ont::RouterReply const& row) { identity.name = ont::router_text(row.get("name"), k_longest); });
    link.print("/system/resource", {"version"}, deadline,
               [&](ont::RouterReply const& row) { identity.version = ont::router_text(row.get("version"), k_longest); });
    return identity;
}

RouterPoll skipped(store::Router const& router, std::string why) {
    RouterPoll result;
    result.name = router.config.name;
    result.error = std::move(why);
    result.is_skipped = true;
    return result;
}

}  // namespace

HotspotPoller::HotspotPoller(HotspotPollerSetup setup) : m_setup(std::move(setup)) {
    m_setup.times.should_stop = m_setup.should_stop;
}
HotspotPoller::~HotspotPoller() = default;

std::vector<RouterPoll> HotspotPoller::poll(steady_clock::time_point deadline, std::vector<std::string> const& names) {
    std::vector<store::Router> routers;
    m_setup.writer.write([&](store::Store& store) { routers = choose_routers(store, names); });
    std::erase_if(m_lines, [&](auto const& line) {
        return std::ranges::none_of(routers, [&](store::Router const& router) {
            return router.key == line.first && router.generation == line.second.generation;
        });
    });
    // One moment for all, so that the sum over all routers is the sum of one moment.
    auto const at = m_setup.clock.now();
    std::vector<RouterPoll> results;
    std::vector<Line*> lines;
    for (auto const& router : routers) {
        results.push_back(skipped(router, "not asked: the time was up"));
        auto& line = m_lines[router.key];
        line.generation = router.generation;
        lines.push_back(&line);
    }
    share(routers.size(), m_setup.jobs, m_setup.should_stop, [&](NextPiece const& next) {
        while (auto const piece = next()) {
            if (steady_clock::now() < deadline) results[*piece] = poll_one(routers[*piece], *lines[*piece], at, deadline);
        }
    });
    if (!m_setup.should_stop()) prune_hotspot(m_setup.writer, at);
    return results;
}

RouterPoll HotspotPoller::poll_one(store::Router const& router, Line& line, Timestamp at, steady_clock::time_point deadline) {
    auto const& health = router.health;
    if (health.state == "refused")
        return skipped(router, fmt::format("{}; not tried again until `bioctl routers edit` sets it right", health.reason));
    // One that lies further ahead was written before the clock was set back.
    if (health.not_before > at && health.not_before <= at + k_longest_router_pause)
        return skipped(router, fmt::format("{}; not tried again before {}", health.reason, to_rfc3339(health.not_before)));
    auto stage = FailedAt::login;
    std::optional<Answer> answer;
    std::optional<Error> trouble;
    try {
        answer = ask_again(line, deadline);
        if (!answer) {
            line.link = ont::open_router(access_of(router, m_setup.key), m_setup.times, deadline);
            stage = FailedAt::later;
            auto identity = ask_identity(*line.link, deadline);
            answer = Answer{read_hotspot(*line.link, deadline), std::move(identity)};
        }
    } catch (Error const& error) {
        trouble = error;
    }
    // What the store throws is no failure of the router.
    if (answer) return keep(router, *answer, at);
    if (m_setup.should_stop()) return skipped(router, "not asked: it was time to stop");
    auto const failed = health_after(health, *trouble, stage, m_setup.clock.now());
    m_setup.writer.write([&](store::Store& store) { keep_health(store, router, failed, m_setup.clock.now()); });
    RouterPoll result;
    result.name = router.config.name;
    result.error = trouble->message();
    return result;
}

/// Over the session that is open, if there is one. It may have ended unnoticed, because the router was restarted: that is no
/// failure yet.
std::optional<HotspotPoller::Answer> HotspotPoller::ask_again(Line& line, steady_clock::time_point deadline) {
    if (!line.link || !line.link->is_open()) return std::nullopt;
    try {
        return Answer{read_hotspot(*line.link, deadline), std::nullopt};
    } catch (Error const&) {
        if (line.link->is_open() || steady_clock::now() >= deadline) throw;
        return std::nullopt;
    }
}

RouterPoll HotspotPoller::keep(store::Router const& router, Answer const& answer, Timestamp at) {
    HotspotChange change;
    m_setup.writer.write([&](store::Store& store) {
        change = {};
        auto routers = store.routers();
        // Edited or removed meanwhile: these may be the users of another router.
        if (!routers.is_current(router.key, router.generation)) return;
        change = store_snapshot(store, router.key, answer.snapshot, at);
        if (answer.identity) routers.set_identity(router.key, router.generation, answer.identity->name, answer.identity->version);
        keep_health(store, router, {.state = "ok"}, m_setup.clock.now());
        routers.set_polled(router.key, router.generation, at);
    });
    RouterPoll result;
    result.name = router.config.name;
    result.users = change.users;
    result.joined = change.joined;
    result.left = change.left;
    return result;
}

}  // namespace bioctl::app
