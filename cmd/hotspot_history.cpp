// hotspot: who was there.

#include <CLI/CLI.hpp>

#include "cmd/router_verbs.hpp"
#include "lib/app/hotspot_history.hpp"
#include "lib/app/routers.hpp"

namespace bioctl::cmd {

namespace {

struct TimeOptions {
    std::optional<std::string> since, until, router, server;
};

void add_times(CLI::App& verb, TimeOptions& o) {
    verb.add_option("--since", o.since, "From this time on: 2026-11-21, '2026-11-21 07:15', 2h, today")->type_name("TIME");
    verb.add_option("--until", o.until, "Before this time")->type_name("TIME");
    verb.add_option("--router", o.router, "Of this router")->type_name("NAME");
    verb.add_option("--server", o.server, "Of this hotspot server")->type_name("NAME");
}

store::HotspotFilter filter_of(TimeOptions const& o, app::Zone const& zone, store::Store& store, Context const& cx) {
    store::HotspotFilter filter;
    if (o.since) filter.since = zone.parse(*o.since, cx.clock.now()).or_throw();
    if (o.until) filter.until = zone.parse(*o.until, cx.clock.now()).or_throw();
    if (filter.since && filter.until && *filter.since >= *filter.until)
        throw Error{Kind::usage, "--since must be before --until"};
    if (o.router) app::require_known_router(store, *o.router);
    filter.router = o.router;
    filter.server = o.server;
    return filter;
}

struct HistoryOptions {
    TimeOptions times;
    std::string by = "day";
};

void add_history(CLI::App& verb, HistoryOptions& o) {
    add_times(verb, o.times);
    verb.add_option("--by", o.by, "One line for each hour or day of the configured time zone")
        ->type_name("hour|day")
        ->check(CLI::IsMember({"hour", "day"}))
        ->capture_default_str();
}

int run_history(HistoryOptions const& o, Context& cx) {
    constexpr std::chrono::hours k_month{30 * 24}, k_two_days{48};
    bool const is_by_day = o.by == "day";
    auto store = open_router_store(cx, store::Access::read_only);
    app::Zone const zone{cx.settings.timezone()};
    auto filter = filter_of(o.times, zone, store, cx);
    if (!filter.until) filter.until = cx.clock.now();
    if (!filter.since) filter.since = *filter.until - (is_by_day ? k_month : k_two_days);
    if (*filter.since >= *filter.until) throw Error{Kind::usage, "--since must be before --until"};
    cx.out.columns({"local", "average", "peak", "trough", "devices", "samples"});
    auto const span = is_by_day ? app::HotspotSpan::day : app::HotspotSpan::hour;
    constexpr std::size_t k_day_letters = 10, k_hour_letters = 16;  // of "2026-11-21 07:00:00"
    auto const buckets = app::hotspot_history(store, zone, span, filter);
    for (auto const& bucket : buckets) {
        cx.out.record(o.by, {{"local", zone.show(bucket.since).substr(0, is_by_day ? k_day_letters : k_hour_letters)},
                             {"since", to_rfc3339(bucket.since)},
                             {"until", to_rfc3339(bucket.until)},
                             {"average", ui::decimal(bucket.average(), 2)},
                             {"peak", bucket.peak},
                             {"trough", bucket.trough},
                             {"devices", bucket.devices},
                             {"samples", bucket.samples}});
    }
    if (buckets.empty()) cx.talk.note("nobody counted in that time; `bioctl hotspot poll` does");
    return k_exit_yes;
}

constexpr std::string_view k_no_session = "no session was seen in that time; `bioctl hotspot poll` looks for them";

struct SessionsOptions {
    TimeOptions times;
    bool is_open_only = false;
    std::optional<std::int64_t> limit;
};

void add_sessions(CLI::App& verb, SessionsOptions& o) {
    add_times(verb, o.times);
    verb.add_flag("--open", o.is_open_only, "Only those that last");
    verb.add_option("--limit", o.limit, "At most so many")->type_name("N")->check(CLI::Range(std::int64_t{1}, k_most_records));
}

int run_sessions(SessionsOptions const& o, Context& cx) {
    auto store = open_router_store(cx, store::Access::read_only);
    app::Zone const zone{cx.settings.timezone()};
    cx.out.columns({"started_at", "ended_at", "router", "server", "user", "ip", "mac", "bytes_in", "bytes_out"});
    store.read([&] {
        auto filter = filter_of(o.times, zone, store, cx);
        filter.is_open_only = o.is_open_only;
        filter.limit = o.limit.value_or(-1);
        store.hotspot().each_session(filter, [&](store::HotspotSession const& session) {
            cx.out.record("session", {{"id", session.id},
                                      {"router", session.router_name},
                                      {"server", session.server},
                                      {"user", session.user},
                                      {"ip", text_or_null(session.ip)},
                                      {"mac", text_or_null(session.mac)},
                                      {"login_by", text_or_null(session.login_by)},
                                      {"started_at", to_rfc3339(session.started_at)},
                                      {"last_seen", to_rfc3339(session.last_seen)},
                                      {"ended_at", session.ended_at ? ui::Value{to_rfc3339(*session.ended_at)} : ui::Value{}},
                                      {"bytes_in", session.bytes_in},
                                      {"bytes_out", session.bytes_out}});
            return stop_signal.load() == 0;
        });
    });
    if (cx.out.records() == 0) cx.talk.note(k_no_session);
    return stop_signal.load() == 0 ? k_exit_yes : 128 + stop_signal.load();
}

struct TopOptions {
    TimeOptions times;
    std::int64_t limit = 10;
};

void add_top(CLI::App& verb, TopOptions& o) {
    add_times(verb, o.times);
    verb.add_option("--limit", o.limit, "At most so many")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{1}, k_most_records))
        ->capture_default_str();
}

int run_top(TopOptions const& o, Context& cx) {
    auto store = open_router_store(cx, store::Access::read_only);
    app::Zone const zone{cx.settings.timezone()};
    cx.out.columns({"mac", "user", "router", "sessions", "bytes_in", "bytes_out", "last_seen"});
    store.read([&] {
        auto const filter = filter_of(o.times, zone, store, cx);
        for (auto const& usage : store.hotspot().top(filter, o.limit)) {
            cx.out.record("usage", {{"mac", text_or_null(usage.mac)},
                                    {"user", usage.user},
                                    {"router", usage.router},
                                    {"sessions", usage.sessions},
                                    {"bytes_in", usage.bytes_in},
                                    {"bytes_out", usage.bytes_out},
                                    {"last_seen", to_rfc3339(usage.last_seen)}});
        }
    });
    if (cx.out.records() == 0) cx.talk.note(k_no_session);
    return k_exit_yes;
}

}  // namespace

Verb hotspot_history_verb() {
    return verb("history", "Show peak, average and trough of the users, by hour or day", Group::network, add_history,
                run_history);
}

Verb hotspot_sessions_verb() {
    return verb("sessions", "List sessions, from login to logout", Group::network, add_sessions, run_sessions);
}

Verb hotspot_top_verb() {
    return verb("top", "List the devices that moved most bytes", Group::network, add_top, run_top);
}

}  // namespace bioctl::cmd
