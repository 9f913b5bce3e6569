#include "cmd/ping_monitor.hpp"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/background.hpp"
#include "cmd/device_verbs.hpp"
#include "cmd/event_verbs.hpp"
#include "cmd/face_options.hpp"
#include "cmd/ping_report.hpp"
#include "cmd/service.hpp"
#include "lib/app/hotspot_poller.hpp"
#include "lib/app/moment.hpp"
#include "lib/app/monitor.hpp"
#include "lib/app/monitor_rules.hpp"
#include "lib/app/notices.hpp"
#include "lib/app/ping_history.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds k_hotspot_patience{20};
constexpr int k_least_hotspot_interval = 60;  // seconds: counts of users do not change faster than people do

app::MonitorRules rules_of(MonitorOptions const& o, Context const& cx) {
    app::MonitorRules rules;
    rules.choice = {o.onts, o.groups, o.locations};
    rules.outage = app::outage_rules_from(o.down.value_or(cx.settings.ping_down()), o.up.value_or(cx.settings.ping_up()));
    rules.groups = app::group_rules_from(cx.settings.ping_group_rules());
    rules.guards = o.guards.empty() ? cx.settings.ping_guards() : o.guards;
    // Cron says not how often it calls us; half an hour apart is still watching.
    constexpr std::chrono::minutes k_gap_of_cron{30};
    constexpr int k_missed_rounds = 3;
    rules.longest_gap = o.follow ? std::chrono::seconds{k_missed_rounds * o.interval} : k_gap_of_cron;
    rules.branch.together = std::max<milliseconds>(rules.branch.together, std::chrono::seconds{3 * o.interval});
    return rules;
}

/// A service spreads its first probes over half of the interval, so that no line gets a burst, and is done in time.
app::Prober prober_of(MonitorOptions const& o, ont::SweepRules const& sweep, ont::IcmpOptions const& icmp) {
    return [&o, sweep, icmp](std::span<ont::Address const> targets, std::span<std::uint32_t const> groups) {
        auto rules = sweep;
        rules.group_rate = o.parent_rate;
        constexpr double k_least_rate = 20, k_part_of_interval = 0.5;
        auto const spread = static_cast<double>(targets.size()) / (k_part_of_interval * o.interval);
        // Retries are not held up by it: when many fall silent, they are most of the probes.
        if (o.follow && rules.rate > 0) rules.first_rate = std::min(rules.rate, std::max(spread, k_least_rate));
        return ont::Sweeper{rules, icmp}.run(
            targets, {}, [] { return stop_signal.load() != 0; }, groups);
    };
}

class MonitorRun {
public:
    MonitorRun(MonitorOptions const& o, ont::SweepRules const& sweep, ont::IcmpOptions const& icmp, ont::Wanted family,
               Context& cx)
        : m_options(o),
          m_cx(cx),
          m_work(cx),
          m_report(cx, o.follow),
          m_monitor({.writer = m_work.writer(),
                     .clock = cx.clock,
                     .probe = prober_of(o, sweep, icmp),
                     .resolve = [family](std::string const& host) { return ont::resolve(host, family); },
                     .should_stop = [] { return stop_signal.load() != 0; }},
                    rules_of(o, cx)) {}

    int once() {
        // A router that stalls delays no ping.
        auto hotspot = m_options.hotspot ? std::make_unique<Background>([this] { poll_hotspots(k_hotspot_patience); }) : nullptr;
        round();
        if (hotspot) hotspot->join();
        if (stop_signal.load() != 0) return exit_after_signal();
        await_group();
        if (!m_options.no_deliver) {
            if (auto const turn = delivery_turn(m_cx, k_delivery_patience)) {
                constexpr std::chrono::seconds k_patience{5};
                deliverer().run(k_patience, app::Drain::wholly);
                m_report.end_of_deliveries();
            }
        }
        if (stop_signal.load() != 0) return exit_after_signal();
        // Cron must not take a store without ONTs for a network without trouble.
        if (!m_report.has_asked() && !m_options.hotspot) throw Error{Kind::no_input, std::string{k_no_onts}};
        return m_report.exit_code();
    }

    int follow() {
        Background heartbeat{[&] { beat(m_cx.talk, [&] { m_work.writer().write([](store::Store&) {}); }); }};
        Background deliveries{[&] { deliver(); }};
        auto hotspot = m_options.hotspot ? std::make_unique<Background>([this] { follow_hotspots(); }) : nullptr;
        tell_ready("watching");
        auto next = std::chrono::steady_clock::now();
        Patient patient{m_cx.talk, "rounds"};  // each begins with what the store knows, so one may be left out
        until_stopped([&] {
            patient.run([&] { round(); });
            next += std::chrono::seconds{m_options.interval};
            auto const now = std::chrono::steady_clock::now();
            if (next < now) warn_of_lateness(now - next);
            next = std::max(next, now);
            pause_until_stopped(std::chrono::duration_cast<milliseconds>(next - now));
        });
        tell_stopping();
        heartbeat.join();
        deliveries.join();
        if (hotspot) hotspot->join();
        return k_exit_yes;
    }

private:
    void round() {
        auto const summary = m_monitor.run_round();
        if (summary.is_cut_short) return;
        m_report.tell(summary);
        m_has_news = true;
        app::pack_history(m_work.writer(), m_cx.clock.now());
    }

    app::Notices tell_alerts() {
        app::Notices notices;
        m_work.writer().write([&](store::Store& store) { notices = app::tell_alerts(store, m_cx.clock.now(), m_zone); });
        return notices;
    }

    /// Cron would come back in some minutes only: what will be told in less is waited for.
    void await_group() {
        constexpr std::chrono::seconds k_longest{60};
        auto const end = std::chrono::steady_clock::now() + k_longest;
        for (auto next = tell_alerts().next_due; next && stop_signal.load() == 0; next = tell_alerts().next_due) {
            auto const wait = *next - m_cx.clock.now();
            if (m_options.no_deliver || std::chrono::steady_clock::now() + wait > end) return;
            pause_until_stopped(wait + milliseconds{10});
        }
    }

    /// Somebody else may be at the routers already. Then they are his, and the pings go on without them.
    [[nodiscard]] bool has_hotspots() {
        if (m_hotspot_lock) return true;
        try {
            m_hotspot_lock.emplace(lock_out_others(m_cx, "hotspot", "polling hotspots"));
        } catch (Error const& error) {
            if (error.kind() != Kind::busy) throw;
            if (!std::exchange(m_is_other_told, true))
                m_cx.talk.warn(fmt::format("hotspot users are left out: {}", error.message()));
            return false;
        }
        m_is_other_told = false;
        return true;
    }

    void poll_hotspots(milliseconds patience) {
        if (!has_hotspots()) return;
        if (!m_poller) {
            m_poller = std::make_unique<app::HotspotPoller>(
                app::HotspotPollerSetup{.writer = m_work.writer(), .key = m_work.key(), .clock = m_cx.clock, .should_stop = [] {
                                            return stop_signal.load() != 0;
                                        }});
        }
        for (auto const& poll : m_poller->poll(std::chrono::steady_clock::now() + patience))
            m_report.tell(poll);
        m_has_news = true;
    }

    void follow_hotspots() {
        auto const interval = std::chrono::seconds{std::max(m_options.interval, k_least_hotspot_interval)};
        Patient patient{m_cx.talk, "polls of hotspots"};
        until_stopped([&] {
            auto const next = std::chrono::steady_clock::now() + interval;
            patient.run([&] { poll_hotspots(std::min<milliseconds>(interval, k_hotspot_patience)); });
            pause_until_stopped(std::chrono::duration_cast<milliseconds>(next - std::chrono::steady_clock::now()));
        });
    }

    [[nodiscard]] app::Deliverer& deliverer() {
        if (!m_deliverer) {
            m_deliverer = std::make_unique<app::Deliverer>(delivery_setup(m_cx, m_work),
                                                           [this](app::DeliveryTry const& attempt) { m_report.tell(attempt); });
        }
        return *m_deliverer;
    }

    void deliver() {
        constexpr std::chrono::seconds k_patience{1};
        constexpr milliseconds k_idle{500};
        // Quiet hours end, and targets are added, without a round to tell of it.
        constexpr std::chrono::seconds k_longest_wait{30};
        auto next_look = std::chrono::steady_clock::now();
        Patient patient{m_cx.talk, "deliveries"};
        until_stopped([&] {
            auto const is_done = patient.run([&] {
                if (m_has_news.exchange(false) || std::chrono::steady_clock::now() >= next_look) {
                    auto const due = tell_alerts().next_due;
                    auto const wait = due ? *due - m_cx.clock.now() : milliseconds::max();
                    next_look =
                        std::chrono::steady_clock::now() + std::clamp<milliseconds>(wait, milliseconds{0}, k_longest_wait);
                }
                auto const turn = m_options.no_deliver ? std::nullopt : delivery_turn(m_cx, milliseconds{0});
                if (!turn) return;
                deliverer().run(k_patience, app::Drain::in_time);
                m_report.end_of_deliveries();
            });
            if (!is_done) m_has_news = true;  // perhaps nobody was told yet
            pause_until_stopped(k_idle);
        });
    }

    void warn_of_lateness(std::chrono::steady_clock::duration late) {
        if (m_is_lateness_told) return;
        m_is_lateness_told = true;
        m_cx.talk.warn(fmt::format("a round took {:.0f} s longer than --interval; raise the interval, --rate or --parent-rate",
                                   std::chrono::duration<double>(late).count()));
    }

    MonitorOptions const& m_options;
    Context& m_cx;
    SyncWorkspace m_work;
    app::Zone m_zone{m_cx.settings.timezone()};
    MonitorReport m_report;
    app::Monitor m_monitor;
    std::unique_ptr<app::Deliverer> m_deliverer;
    std::unique_ptr<app::HotspotPoller> m_poller;
    std::optional<FileLock> m_hotspot_lock;
    bool m_is_other_told = false;  // of whoever holds it
    bool m_is_lateness_told = false;
    std::atomic<bool> m_has_news = true;  // since the alerts were last looked at
};

}  // namespace

void add_monitor(CLI::App& verb, MonitorOptions& o) {
    constexpr char const* k_group = "Watching the ONTs of the store";
    auto* const once = verb.add_flag("--once", o.once, "One round over the ONTs of the store, for cron")->group(k_group);
    auto* const follow = verb.add_flag("--follow", o.follow, "Round after round, as a service, until SIGTERM")->group(k_group);
    follow->excludes(once);
    verb.add_option("--interval", o.interval, "Seconds from one round to the next")
        ->type_name("S")
        ->check(CLI::Range(5, 3600))
        ->capture_default_str()
        ->group(k_group);
    verb.add_option("--ont", o.onts, "Only this ONT, by id, customer id or name; may be given several times")
        ->type_name("ONT")
        ->group(k_group);
    verb.add_option("--group", o.groups, "Only those with this tag; may be given several times")
        ->type_name("TAG")
        ->group(k_group);
    verb.add_option("--location", o.locations, "Only those at this place; may be given several times")
        ->type_name("TEXT")
        ->group(k_group);
    verb.add_option("--guard", o.guards, "Address that always answers, unless this machine is cut off; several: one is enough")
        ->type_name("HOST")
        ->group(k_group);
    verb.add_option("--down", o.down, "Down is who lost N of the last M samples")->type_name("N/M")->group(k_group);
    verb.add_option("--up", o.up, "Up again is who answered K of the last L")->type_name("K/L")->group(k_group);
    verb.add_option("--parent-rate", o.parent_rate, "Probes a second to all below one parent; 0 is no limit of its own")
        ->type_name("N")
        ->check(CLI::Range(0.0, 1'000'000.0))
        ->group(k_group);
    verb.add_flag("--hotspot", o.hotspot, "Count the hotspot users of the routers as well")->group(k_group);
    verb.add_flag("--no-deliver", o.no_deliver, "Leave what is to be sent for another run")->group(k_group);
}

int run_monitor(MonitorOptions const& o, ont::SweepRules const& sweep, ont::IcmpOptions const& icmp, ont::Wanted family,
                Context& cx) {
    if (sweep.count > 0) throw Error{Kind::usage, "ping-onts: -c and -C are for hosts that are named, not for watching"};
    if (!cx.has_store())
        throw Error{Kind::no_input, "there are no ONTs yet; `bioctl onts add` or `bioctl onts import` adds some"};
    auto const lock = lock_out_others(cx, "ping-onts", "watching");
    MonitorRun run{o, sweep, icmp, family, cx};
    return o.follow ? run.follow() : run.once();
}

}  // namespace bioctl::cmd
