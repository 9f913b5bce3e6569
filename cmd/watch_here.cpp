// watch with the models of this machine: visits become events and deliveries.

#include <atomic>
#include <mutex>

#include <fmt/format.h>

#include "cmd/background.hpp"
#include "cmd/event_verbs.hpp"
#include "cmd/face_options.hpp"
#include "cmd/service.hpp"
#include "cmd/watch.hpp"
#include "lib/app/devices.hpp"
#include "lib/app/sightings.hpp"
#include "lib/app/thresholds.hpp"
#include "lib/app/watch.hpp"
#include "lib/app/watch_pictures.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"
#include "lib/store/outbox.hpp"

namespace bioctl::cmd {

namespace {

constexpr double k_usual_fps = 5;

/// A name that a source may have, from whatever the source is.
std::string name_from(WatchOptions const& o) {
    if (o.name) return *o.name;
    if (o.source == "-") return "stdin";
    if (o.source.find_first_not_of("0123456789") == std::string::npos) return "camera " + o.source;
    auto name = app::without_login(o.source);
    if (auto const scheme = name.find("://"); scheme != std::string::npos) {
        name = name.substr(scheme + 3);
        name = name.substr(0, name.find_first_of("/?#"));
    } else {
        auto path = fs::path{name}.lexically_normal();
        name = (path.has_filename() ? path.filename() : path.parent_path().filename()).string();
    }
    for (auto& c : name) {
        bool const is_allowed =
            (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
        if (!is_allowed) c = '-';
    }
    constexpr std::size_t k_longest = 64;
    name = name.substr(0, k_longest);
    return name.empty() || name.front() == '-' ? "watch" + name.substr(0, k_longest - 5) : name;
}

/// Tells on stdout, from the frames and from the deliveries. Thread-safe.
class WatchReport {
public:
    WatchReport(Context& cx, std::string source, bool is_flushed)
        : m_cx(cx), m_source(std::move(source)), m_is_flushed(is_flushed) {
        m_cx.out.columns({"result", "time", "label", "person_id", "distance", "source", "event"});
    }

    void tell(app::VisitNews const& news, std::optional<std::int64_t> event) {
        std::lock_guard const lock{m_mutex};
        auto const& visit = news.visit;
        bool const is_known = visit.unknown == 0;
        auto const label = !is_known ? std::string{"Unknown"} : visit.name.empty() ? visit.person_id : visit.name;
        ui::Fields fields{{"time", to_rfc3339(news.what == app::VisitNews::What::began ? visit.since : visit.last_seen)},
                          {"source", m_source},
                          {"person_id", text_or_null(visit.person_id)},
                          {"label", label},
                          {"unknown", is_known ? ui::Value{} : ui::Value{visit.unknown}},
                          {"visit", visit.number}};
        if (news.what == app::VisitNews::What::began) {
            m_people += is_known ? 1 : 0;
            fields.insert(fields.end(), {{"distance", distance_value(news.distance)},
                                         {"quality", quality_value(news.quality)},
                                         {"box", box_value(news.box)},
                                         {"event", event ? ui::Value{*event} : ui::Value{}}});
            cmd::tell(m_cx, "seen", std::move(fields));
        } else {
            auto const stayed = std::chrono::duration<double>(visit.last_seen - visit.since).count();
            fields.insert(fields.end(), {{"since", to_rfc3339(visit.since)}, {"seconds", ui::decimal(stayed, 1)}});
            cmd::tell(m_cx, "left", std::move(fields));
        }
        if (m_is_flushed) m_cx.out.flush();
    }

    void tell(app::DeliveryTry const& attempt) {
        std::lock_guard const lock{m_mutex};
        m_talk.tell(attempt);
        if (m_is_flushed) m_cx.out.flush();
    }

    void add(app::DeliverySummary const& summary) {
        std::lock_guard const lock{m_mutex};
        m_refused += summary.failed;
        m_pending = summary.pending;
        m_talk.finish();
    }

    [[nodiscard]] std::int64_t people() const { return m_people; }
    [[nodiscard]] bool is_all_sent() const { return m_refused == 0 && m_pending == 0; }

private:
    Context& m_cx;
    std::string m_source;
    bool m_is_flushed;
    DeliveryTalk m_talk{m_cx};
    std::mutex m_mutex;
    std::int64_t m_people = 0, m_refused = 0, m_pending = 0;
};

/// Events and deliveries; nothing of both in a dry run.
class Keeper {
public:
    /// is_patient: what cannot be stored now is stored later, and the camera waits for it.
    Keeper(WatchOptions const& o, Context& cx, std::string source, WatchReport& report, bool is_patient)
        : m_options(o),
          m_cx(cx),
          m_source(std::move(source)),
          m_report(report),
          m_is_patient(is_patient),
          m_zone(cx.settings.timezone()) {
        if (o.is_dry_run) return;
        m_lock.emplace(lock_out_others(cx, fmt::format("watch-{}", m_source), fmt::format("watching {}", printable(m_source))));
        m_work.emplace(cx);
        apply_webhook(cx, *m_work);
        // Each visit is reported once: none is a repeat.
        m_sightings.emplace(app::SightingSetup{.writer = m_work->writer(),
                                               .clock = cx.clock,
                                               .media_dir = cx.media_dir(),
                                               .zone = m_zone,
                                               .repeat = std::chrono::seconds{0}});
    }

    void take(app::VisitNews const& news, app::WatchedFrame const& frame, cv::Mat const& pixels) {
        bool const is_told = news.visit.unknown == 0 || m_options.is_unknown_told;
        if (!is_told) return;
        std::optional<std::int64_t> event;
        if (m_sightings && news.what == app::VisitNews::What::began) event = store_it(sighting(news, frame, pixels));
        m_report.tell(news, event);
    }

    /// A service: until it is over.
    void deliver_while(std::function<bool()> const& goes_on) {
        app::Deliverer deliverer{delivery_setup(m_cx, *m_work), [&](app::DeliveryTry const& one) { m_report.tell(one); }};
        Patient patient{m_cx.talk, "deliveries"};
        while (goes_on()) {
            patient.run([&] {
                if (auto const turn = delivery_turn(m_cx, std::chrono::seconds{0}))
                    m_report.add(deliverer.run(std::chrono::seconds{1}, app::Drain::in_time));
            });
            pause_until_stopped(std::chrono::milliseconds{500});
        }
    }

    void deliver_rest() {
        if (!delivers()) return;
        auto const turn = delivery_turn(m_cx, k_delivery_patience);
        if (!turn) return;
        constexpr std::chrono::seconds k_patience{10};
        app::Deliverer deliverer{delivery_setup(m_cx, *m_work), [&](app::DeliveryTry const& one) { m_report.tell(one); }};
        m_report.add(deliverer.run(k_patience, app::Drain::wholly));
    }

    [[nodiscard]] bool delivers() const { return m_work && !m_options.no_deliver; }
    [[nodiscard]] bool stores() const { return m_work.has_value(); }
    void touch_store() {
        m_work->writer().write([](store::Store&) {});
    }

private:
    std::int64_t store_it(app::Sighting const& sighting) {
        std::optional<std::int64_t> event;
        Patient patient{m_cx.talk, "sightings"};
        while (!event && m_is_patient && stop_signal.load() == 0) {
            if (!patient.run([&] { event = m_sightings->report(sighting).event; })) pause_until_stopped(std::chrono::seconds{1});
        }
        return event ? *event : m_sightings->report(sighting).event;
    }

    [[nodiscard]] app::Sighting sighting(app::VisitNews const& news, app::WatchedFrame const& frame,
                                         cv::Mat const& pixels) const {
        app::Sighting sighting;
        sighting.source = m_source;
        sighting.person_id = news.visit.person_id;
        sighting.name = news.visit.name;
        sighting.distance = news.distance;
        sighting.box = news.box;
        sighting.frame_width = frame.size.width;
        sighting.frame_height = frame.size.height;
        sighting.time = news.visit.since;
        if (m_options.picture == "face") sighting.picture = app::face_picture(pixels, news.box);
        if (m_options.picture == "frame") sighting.picture = app::frame_picture(pixels);
        return sighting;
    }

    WatchOptions const& m_options;
    Context& m_cx;
    std::string m_source;
    WatchReport& m_report;
    bool m_is_patient;
    app::Zone m_zone;
    std::optional<FileLock> m_lock;
    std::optional<SyncWorkspace> m_work;
    std::optional<app::Sightings> m_sightings;
};

void write_annotated(fs::path const& folder, app::Frame const& frame, cv::Mat const& pixels, app::WatchedFrame const& watched) {
    write_file(folder / fmt::format("frame-{:06}.jpg", frame.number), app::annotated_picture(pixels, watched.faces));
}

/// All frames. Returns how many were looked at.
std::int64_t look_at_all(WatchOptions const& o, Context& cx, app::FrameSource& frames, app::Watcher& watcher, Keeper& keeper,
                         FrameTroubles& troubles) {
    std::int64_t looked_at = 0;
    while (auto frame = frames.next()) {
        auto const pixels = app::pixels_of(*frame, limits_of(cx));
        if (!pixels) {
            troubles.tell(frame->name, Error{Kind::data, pixels.error().detail});
            continue;
        }
        ++looked_at;
        auto const watched = watcher.look(*pixels, frame->time);
        for (auto const& news : watched.news)
            keeper.take(news, watched, *pixels);
        if (!o.annotate.empty()) write_annotated(o.annotate, *frame, *pixels, watched);
    }
    for (auto const& news : watcher.finish())
        keeper.take(news, {}, {});
    return looked_at;
}

void tell_times(Context& cx, app::Watcher const& watcher, std::int64_t frames, std::chrono::nanoseconds took) {
    auto const ms = [](std::chrono::nanoseconds time) { return std::chrono::duration<double, std::milli>(time).count(); };
    auto const& stages = watcher.times();
    cx.talk.detail(
        fmt::format("{} frames, {} faces embedded; timing in ms: all {:.1f}, models {:.1f}, detect {:.1f}, landmarks "
                    "{:.1f}, align {:.1f}, embed {:.1f}",
                    frames, watcher.embedded(), ms(took), ms(stages.load), ms(stages.detect), ms(stages.landmarks),
                    ms(stages.align), ms(stages.embed)));
}

/// Beside the frames of a camera: what is queued is sent, and the supervisor hears that all is well.
std::int64_t look_as_service(WatchOptions const& o, Context& cx, app::FrameSource& frames, app::Watcher& watcher, Keeper& keeper,
                             FrameTroubles& troubles) {
    std::atomic<bool> is_over{false};
    auto const goes_on = [&] { return stop_signal.load() == 0 && !is_over; };
    struct End {
        std::atomic<bool>& is_over;
        ~End() { is_over = true; }
    };
    Background deliveries{[&] {
        if (keeper.delivers()) keeper.deliver_while(goes_on);
    }};
    Background heartbeat{[&] {
        if (keeper.stores()) beat_while(cx.talk, goes_on, [&] { keeper.touch_store(); });
    }};
    tell_ready("watching");
    std::int64_t looked_at = 0;
    {
        End const end{is_over};
        looked_at = look_at_all(o, cx, frames, watcher, keeper, troubles);
    }
    tell_stopping();
    heartbeat.join();
    deliveries.join();
    return looked_at;
}

}  // namespace

int run_watch_here(WatchOptions const& o, Context& cx) {
    auto const name = name_from(o);
    app::check_device_name(name);
    FaceWorkspace const faces{cx, o.is_dry_run ? FaceWorkspace::Opening::rehearsal : FaceWorkspace::Opening::existing};
    auto const frames = open_source(o, cx, k_usual_fps);
    WatchReport report{cx, name, frames->is_live()};
    Keeper keeper{o, cx, name, report, frames->is_live()};
    app::WatchRules rules;
    rules.rule = {.threshold = app::identify_threshold(faces.contract(), cx.settings.threshold()),
                  .margin = cx.settings.margin()};
    rules.visits.gone = std::chrono::seconds{o.gone_s};
    app::Watcher watcher{faces.get(), rules};
    FrameTroubles troubles{cx};
    auto const began = std::chrono::steady_clock::now();
    auto const looked_at = frames->is_live() ? look_as_service(o, cx, *frames, watcher, keeper, troubles)
                                             : look_at_all(o, cx, *frames, watcher, keeper, troubles);
    tell_times(cx, watcher, looked_at, std::chrono::steady_clock::now() - began);
    troubles.finish();
    if (looked_at == 0 && troubles.first()) throw *troubles.first();
    if (stop_signal.load() == 0) keeper.deliver_rest();
    if (frames->is_live()) return k_exit_yes;
    if (stop_signal.load() != 0) return exit_after_signal();
    if (troubles.count() > 0 || !report.is_all_sent()) return k_exit_partial;
    return report.people() > 0 ? k_exit_yes : k_exit_no;
}

}  // namespace bioctl::cmd
