// hotspot: who is there now.

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/router_verbs.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/hotspot_live.hpp"
#include "lib/app/hotspot_poller.hpp"
#include "lib/app/notices.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct UsersOptions {
    std::vector<std::string> routers;
    std::optional<std::string> server;
    bool stored = false;
    int timeout_s = 60;
};

void add_users(CLI::App& verb, UsersOptions& o) {
    verb.add_option("--router", o.routers, "Of this router; may be given several times")->type_name("NAME");
    verb.add_option("--server", o.server, "Of this hotspot server")->type_name("NAME");
    verb.add_flag("--stored", o.stored, "As of the last poll, without asking the routers");
    verb.add_option("--timeout", o.timeout_s, "Seconds to wait for all routers together")
        ->type_name("S")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
}

void print_stored(UsersOptions const& o, store::Store& store, std::vector<store::Router> const& routers, Context& cx) {
    store.read([&] {
        for (auto const& router : routers) {
            store::HotspotFilter filter;
            filter.router = router.config.name;
            filter.server = o.server;
            filter.is_open_only = true;
            store.hotspot().each_session(filter, [&](store::HotspotSession const& session) {
                cx.out.record("user", {{"router", session.router_name},
                                       {"server", session.server},
                                       {"user", session.user},
                                       {"ip", text_or_null(session.ip)},
                                       {"mac", text_or_null(session.mac)},
                                       {"uptime_s", session.uptime_s},
                                       {"bytes_in", session.bytes_in},
                                       {"bytes_out", session.bytes_out},
                                       {"login_by", text_or_null(session.login_by)},
                                       {"last_seen", to_rfc3339(session.last_seen)}});
                return true;
            });
        }
    });
}

void print_live(UsersOptions const& o, app::LiveHotspot const& live, Context& cx) {
    for (auto const& user : live.snapshot.users) {
        if (o.server && user.server != *o.server) continue;
        cx.out.record("user", {{"router", live.router.config.name},
                               {"server", user.server},
                               {"user", user.user},
                               {"ip", text_or_null(user.ip)},
                               {"mac", text_or_null(user.mac)},
                               {"uptime_s", user.uptime_s},
                               {"bytes_in", user.bytes_in},
                               {"bytes_out", user.bytes_out},
                               {"login_by", text_or_null(user.login_by)}});
    }
}

int run_users(UsersOptions const& o, Context& cx) {
    auto store = open_router_store(cx, o.stored ? store::Access::read_only : store::Access::read_write);
    auto const routers = app::choose_routers(store, o.routers);
    if (routers.empty()) throw Error{Kind::no_input, "there are no routers to ask; `bioctl routers add` adds one"};
    cx.out.columns({"router", "server", "user", "ip", "mac", "uptime_s", "bytes_in", "bytes_out"});
    if (o.stored) {
        print_stored(o, store, routers, cx);
        return k_exit_yes;
    }
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{o.timeout_s};
    auto const is_over = [] { return stop_signal.load() != 0; };
    ont::RouterTimes times;
    times.should_stop = is_over;
    auto const answers =
        app::ask_hotspots(store, cx.clock, seal_key(cx), routers, app::Asking::by_hand, times, deadline, is_over);
    if (stop_signal.load() != 0) return 128 + stop_signal.load();
    std::size_t failed = 0;
    for (auto const& live : answers) {
        print_live(o, live, cx);
        if (!live.error) continue;
        if (++failed == answers.size()) throw *live.error;
        cx.talk.warn(live.error->message());
    }
    return failed == 0 ? k_exit_yes : k_exit_partial;
}

struct PollOptions {
    std::vector<std::string> routers;
    int timeout_s = 60;
};

void add_poll(CLI::App& verb, PollOptions& o) {
    verb.add_option("--router", o.routers, "Only this router; may be given several times")->type_name("NAME");
    verb.add_option("--timeout", o.timeout_s, "Seconds to wait for all routers together")
        ->type_name("S")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
}

int run_poll(PollOptions const& o, Context& cx) {
    {
        auto store = open_router_store(cx, store::Access::read_only);
        if (app::choose_routers(store, o.routers).empty())
            throw Error{Kind::no_input, "there are no routers to ask; `bioctl routers add` adds one"};
    }
    auto const lock = lock_out_others(cx, "hotspot", "polling the hotspots");
    auto const key = seal_key(cx);
    app::StoreWriter writer{cx.open_store(store::Access::read_write)};
    app::HotspotPoller poller{
        {.writer = writer, .key = key, .clock = cx.clock, .should_stop = [] { return stop_signal.load() != 0; }}};
    auto const results = poller.poll(std::chrono::steady_clock::now() + std::chrono::seconds{o.timeout_s}, o.routers);
    if (stop_signal.load() != 0) return 128 + stop_signal.load();
    writer.write([&](store::Store& store) { app::tell_alerts(store, cx.clock.now(), app::Zone{cx.settings.timezone()}); });
    cx.out.columns({"router", "users", "joined", "left", "error"});
    std::size_t failed = 0;
    for (auto const& result : results) {
        bool const is_read = result.error.empty();
        if (!is_read) ++failed;
        // Cron mails what stands here; a router that is left alone for a while has been told of.
        if (!is_read && !result.is_skipped) cx.talk.warn(fmt::format("{}: {}", printable(result.name), result.error));
        auto const or_null = [&](std::int64_t number) { return is_read ? ui::Value{number} : ui::Value{}; };
        cx.out.record("poll", {{"router", result.name},
                               {"users", or_null(result.users)},
                               {"joined", or_null(result.joined)},
                               {"left", or_null(result.left)},
                               {"is_skipped", result.is_skipped},
                               {"error", text_or_null(result.error)}});
    }
    if (failed == results.size()) throw Error{Kind::unavailable, "no router could be read; `bioctl routers check` tells more"};
    return failed == 0 ? k_exit_yes : k_exit_partial;
}

}  // namespace

Verb hotspot_users_verb() {
    return verb("users", "List who is logged in now", Group::network, add_users, run_users);
}

Verb hotspot_poll_verb() {
    return verb("poll", "Ask all routers once and store who is there, for cron", Group::network, add_poll, run_poll);
}

Verb hotspot_verb() {
    return noun("hotspot", "Show who uses the hotspots, and who did", Group::network,
                {hotspot_users_verb(), hotspot_poll_verb(), hotspot_history_verb(), hotspot_sessions_verb(), hotspot_top_verb()});
}

}  // namespace bioctl::cmd
