#include <atomic>
#include <csignal>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/background.hpp"
#include "cmd/device_verbs.hpp"
#include "cmd/event_verbs.hpp"
#include "cmd/face_options.hpp"
#include "cmd/service.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/delivery.hpp"
#include "lib/app/devices.hpp"
#include "lib/app/moment.hpp"
#include "lib/app/sync_follow.hpp"
#include "lib/app/thresholds.hpp"
#include "lib/app/verify_events.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/store/events.hpp"
#include "lib/store/outbox.hpp"

namespace bioctl::cmd {

namespace {

struct SyncOptions {
    std::vector<std::string> devices;
    std::optional<std::string> since, until;
    int jobs = 16;
    bool no_pictures = false, no_deliver = false, verify_faces = false;
    bool follow = false, dry_run = false;
    int interval = 10;
    std::int64_t limit = 0;
};

void add_sync(CLI::App& verb, SyncOptions& o) {
    verb.add_option("--device", o.devices, "Only this device; may be given several times")->type_name("NAME");
    verb.add_option("--since", o.since, "Read again from this time on: 2026-11-21, 2h, 3d")->type_name("TIME");
    verb.add_option("--until", o.until, "Leave events after this time for later")->type_name("TIME");
    verb.add_option("-j,--jobs", o.jobs, "Devices at once")->type_name("N")->check(CLI::Range(1, 256))->capture_default_str();
    verb.add_flag("--no-pictures", o.no_pictures, "Leave the pictures for another run");
    verb.add_flag("--no-deliver", o.no_deliver, "Leave the deliveries for another run");
    verb.add_flag("--verify-faces", o.verify_faces,
                  "Compare each picture with the templates of the person that the device named");
    verb.add_flag("-f,--follow", o.follow, "Run as a service, until SIGTERM");
    verb.add_option("--interval", o.interval, "Seconds between two passes over a device, with --follow")
        ->type_name("S")
        ->needs("--follow")
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
    verb.add_flag("-n,--dry-run", o.dry_run, "Ask the devices, store no events and send nothing");
    verb.add_option("--limit", o.limit, "At most so many events of a device in one pass, rounded up to a page")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}));
}

app::SyncRules rules_of(SyncOptions const& o, Context& cx) {
    app::SyncRules rules = default_sync_rules(cx);
    if (o.since || o.until) {
        app::Zone const zone{cx.settings.timezone()};
        if (o.since) rules.since = zone.parse(*o.since, cx.clock.now()).or_throw();
        if (o.until) rules.until = zone.parse(*o.until, cx.clock.now()).or_throw();
        if (rules.since && rules.until && *rules.until <= *rules.since)
            throw Error{Kind::usage, "sync-hikvision: --until is not after --since"};
    }
    rules.limit = o.limit;
    rules.pictures = !o.no_pictures;
    rules.dry_run = o.dry_run;
    return rules;
}

/// Milliseconds with one decimal.
ui::Value milliseconds(std::chrono::nanoseconds time) {
    return ui::decimal(static_cast<double>(time.count()) / 1e6, 1);
}

std::string without_digits(std::string text) {
    std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
    return text;
}

/// Tells what passes and tries brought, and remembers what the exit code needs. Called from several threads.
class SyncReport {
public:
    SyncReport(Context& cx, bool is_service, bool leaves_deliveries)
        : m_cx(cx), m_is_service(is_service), m_leaves_deliveries(leaves_deliveries) {
        m_cx.out.columns({"result", "device", "state", "added", "recognized", "pictures", "reason"});
    }

    void tell(app::DevicePass const& pass) {
        std::lock_guard const lock{m_mutex};
        ++m_passes;
        if (!pass.is_good()) ++m_bad;
        m_added += pass.added;
        // A service that polls every few seconds tells what is new.
        auto const reason = without_digits(pass.reason);  // "after 3063 ms" is no news
        bool const is_news = pass.added > 0 || pass.pictures > 0 || pass.is_changed || m_last[pass.device] != reason;
        m_last[pass.device] = reason;
        if (m_is_service && !is_news) return;
        // A table on a terminal says it, too.
        bool const is_told = m_cx.out.rendering() == ui::Rendering::table;
        if (!pass.is_good() && !is_told) m_cx.talk.warn(fmt::format("{}: {}", printable(pass.device), pass.reason));
        if (pass.unusable > 0)
            m_cx.talk.warn(fmt::format("{}: {} without serial number or time cannot be stored", printable(pass.device),
                                       counted(static_cast<std::uint64_t>(pass.unusable), "event", "events")));
        if (!pass.push_trouble.empty())
            m_cx.talk.warn(
                fmt::format("{}: it was not told again where to push its events: {}", printable(pass.device), pass.push_trouble));
        if (pass.new_epochs > 0)
            m_cx.talk.note(fmt::format("{}: its serial numbers have started again; a new epoch begins", printable(pass.device)));
        m_cx.out.record("device_pass", {{"result", pass.is_good() ? "synced" : "failed"},
                                        {"device", pass.device},
                                        {"state", hikvision::name_of(pass.state)},
                                        {"added", pass.added},
                                        {"recognized", pass.recognized},
                                        {"pictures", pass.pictures},
                                        {"reason", text_or_null(pass.reason)},
                                        {"known", pass.known},
                                        {"missed", pass.missed},
                                        {"unusable", pass.unusable},
                                        {"pictures_gone", pass.pictures_gone},
                                        {"pictures_failed", pass.pictures_failed},
                                        {"queued", pass.queued},
                                        {"drift_ms", pass.drift_ms},
                                        {"requests", static_cast<std::int64_t>(pass.requests)},
                                        {"took_ms", milliseconds(pass.took)},
                                        {"waited_ms", milliseconds(pass.waited)}});
        if (m_is_service) m_cx.out.flush();
    }

    void tell(app::DeliveryTry const& attempt) {
        std::lock_guard const lock{m_mutex};
        m_talk.tell(attempt);
        if (m_is_service) m_cx.out.flush();
    }

    void add(app::DeliverySummary const& summary) {
        std::lock_guard const lock{m_mutex};
        m_sent += summary.sent;
        m_failed += summary.failed;
        m_pending = summary.pending;
        m_talk.finish();
    }

    int finish(std::chrono::steady_clock::duration took, bool is_rehearsal) {
        auto const seconds = std::chrono::duration<double>(took).count();
        m_cx.out.json_only("summary", {{"passes", m_passes},
                                       {"failed_passes", m_bad},
                                       {"added", m_added},
                                       {"sent", m_sent},
                                       {"failed", m_failed},
                                       {"pending", m_pending},
                                       {"seconds", ui::decimal(seconds, 3)}});
        m_cx.out.flush();
        auto const events = counted(static_cast<std::uint64_t>(m_added), "new event", "new events");
        auto const what = m_is_service ? counted(m_passes, "pass", "passes") : counted(m_passes, "device", "devices");
        auto const bad = m_bad == 0 ? "" : fmt::format(", {} not read wholly", m_bad);
        if (is_rehearsal) {
            m_cx.talk.note(fmt::format("{} on {}{}, {:.1f} s; a dry run: none was stored", events, what, bad, seconds));
        } else {
            m_cx.talk.note(fmt::format("{} from {}{}, {:.1f} s; {} sent, {} refused, {} waiting", events, what, bad, seconds,
                                       m_sent, m_failed, m_pending));
        }
        return m_bad > 0 || m_failed > 0 || (m_pending > 0 && !m_leaves_deliveries) ? k_exit_partial : k_exit_yes;
    }

private:
    Context& m_cx;
    DeliveryTalk m_talk{m_cx};
    bool m_is_service, m_leaves_deliveries;
    std::mutex m_mutex;
    std::map<std::string, std::string> m_last;  // reason, by device
    std::size_t m_passes = 0, m_bad = 0;
    std::int64_t m_added = 0, m_sent = 0, m_failed = 0, m_pending = 0;
};

void verify(SyncWorkspace& work, Context& cx) {
    bool is_needed = false;
    work.writer().write([&](store::Store& store) { is_needed = !store.events().unverified(1).empty(); });
    if (!is_needed) return;  // spares loading the models
    FaceWorkspace const faces{cx, FaceWorkspace::Opening::create};
    auto const threshold = app::verify_threshold(faces.contract(), cx.settings.threshold());
    app::verify_events(work.get(), faces.get(), threshold, [&](app::VerifiedEvent const& event) {
        if (event.verdict != "different") return;
        cx.talk.warn(fmt::format("event {}: the picture does not show {}; look at it with `bioctl events show {}`", event.id,
                                 printable(event.person_id), event.id));
    });
}

/// What is sent, or only counted: by the user's wish, or because another process delivers.
app::DeliverySummary deliver_after_sync(SyncOptions const& o, SyncWorkspace& work, Context& cx, SyncReport& report) {
    auto const turn = o.no_deliver ? std::nullopt : delivery_turn(cx, k_delivery_patience);
    if (turn) {
        constexpr std::chrono::seconds k_patience{10};
        app::Deliverer deliverer{delivery_setup(cx, work), [&](app::DeliveryTry const& attempt) { report.tell(attempt); }};
        return deliverer.run(k_patience, app::Drain::wholly);
    }
    app::DeliverySummary waiting;
    work.writer().write([&](store::Store& store) { waiting.pending = store.outbox().pending(); });
    return waiting;
}

/// Terminals, or cameras: where those are watched, a sync without terminals is no mistake.
bool has_devices(SyncWorkspace& work) {
    bool has_any = false;
    work.writer().write(
        [&](store::Store& store) { has_any = !store.devices().list().empty() || !store.devices().sources().empty(); });
    return has_any;
}

int run_once(SyncOptions const& o, SyncWorkspace& work, Context& cx) {
    std::vector<store::Device> devices;
    work.writer().write([&](store::Store& store) { devices = app::choose_devices(store, o.devices); });
    if (devices.empty() && !has_devices(work))
        throw Error{Kind::no_input, "no terminal is registered; `bioctl devices add` adds one"};
    if (devices.empty()) cx.talk.note("there is nothing to sync: no device is enabled; see `bioctl devices list`");
    auto const begin = std::chrono::steady_clock::now();
    SyncReport report{cx, false, o.no_deliver};
    app::sync_devices(work.get(), rules_of(o, cx), devices, o.jobs, [&](app::DevicePass const& pass) { report.tell(pass); });
    if (o.verify_faces && !o.dry_run) verify(work, cx);
    if (!o.dry_run) report.add(deliver_after_sync(o, work, cx, report));
    auto const code = report.finish(std::chrono::steady_clock::now() - begin, o.dry_run);
    return stop_signal.load() != 0 ? exit_after_signal() : code;
}

int run_service(SyncOptions const& o, SyncWorkspace& work, Context& cx) {
    auto const begin = std::chrono::steady_clock::now();
    SyncReport report{cx, true, o.no_deliver};
    app::FollowRules follow;
    follow.interval = std::chrono::seconds{o.interval};
    follow.jobs = o.jobs;
    follow.devices = o.devices;
    work.writer().write([&](store::Store& store) { static_cast<void>(app::choose_devices(store, o.devices)); });
    constexpr int k_pictures_of_a_pass = 100;
    auto rules = rules_of(o, cx);
    rules.max_pictures = k_pictures_of_a_pass;
    Background deliveries{[&] {
        app::Deliverer deliverer{delivery_setup(cx, work), [&](app::DeliveryTry const& attempt) { report.tell(attempt); }};
        Patient patient{cx.talk, "deliveries"};
        until_stopped([&] {
            patient.run([&] {
                if (o.verify_faces) verify(work, cx);
                auto const turn = o.no_deliver ? std::nullopt : delivery_turn(cx, std::chrono::seconds{0});
                if (turn) report.add(deliverer.run(std::chrono::seconds{1}, app::Drain::in_time));
            });
            pause_until_stopped(std::chrono::milliseconds{500});
        });
    }};
    // Only a store that still takes transactions is alive.
    Background heartbeat{[&] { beat(cx.talk, [&] { work.writer().write([](store::Store&) {}); }); }};
    tell_ready("syncing");
    app::follow_devices(
        work.get(), rules, follow,
        {.on_pass = [&](app::DevicePass const& pass) { report.tell(pass); },
         .on_trouble = [&](Error const& error) { cx.talk.warn(fmt::format("the sync has to wait: {}", error.message())); },
         .on_recovery = [&] { cx.talk.note("the sync goes on"); }});
    tell_stopping();
    heartbeat.join();
    deliveries.join();
    report.finish(std::chrono::steady_clock::now() - begin, false);
    return k_exit_yes;
}

int run_sync(SyncOptions const& o, Context& cx) {
    if (o.follow && (o.since || o.until || o.limit > 0 || o.dry_run))
        throw Error{Kind::usage, "sync-hikvision: --follow goes with neither --since, --until, --limit nor --dry-run"};
    static_cast<void>(open_device_store(cx, store::Access::read_only));
    auto const lock = lock_out_syncs(cx);
    SyncWorkspace work{cx};
    return o.follow ? run_service(o, work, cx) : run_once(o, work, cx);
}

}  // namespace

Verb sync_hikvision_verb() {
    return verb("sync-hikvision", "Fetch and deliver the events of face terminals", Group::devices, add_sync, run_sync);
}

}  // namespace bioctl::cmd
