// watch through a server: frames go out one at a time, and the newest one is the next.

#include <algorithm>

#include <fmt/format.h>

#include "cmd/device_verbs.hpp"
#include "cmd/face_options.hpp"
#include "cmd/watch.hpp"
#include "lib/app/realtime_client.hpp"
#include "lib/app/watch_pictures.hpp"
#include "lib/base/text.hpp"
#include "lib/net/url.hpp"

namespace bioctl::cmd {

namespace {

constexpr double k_usual_fps = 1 / 0.7;  // a frame every 0.7 s, as the clients of the old service
constexpr std::chrono::seconds k_first_wait{1};
constexpr std::chrono::seconds k_longest_wait{30};

class ServerWatch {
public:
    ServerWatch(WatchOptions const& o, Context& cx)
        : m_cx(cx),
          m_troubles(cx),
          m_client(*o.server, o.key_file ? read_secret(*o.key_file, "API key") : "", o.is_unknown_told) {
        if (o.key_file && !net::require_secure(*o.server))
            cx.talk.warn("the API key goes over a line that others can read; use https, or a server on this machine");
        cx.out.columns({"result", "time", "label", "distance", "dispatch", "reason"});
    }

    int run(app::FrameSource& frames) {
        while (auto frame = frames.next()) {
            auto jpeg = app::jpeg_of(*frame);
            auto const reply = m_client.post(std::string{as_text(jpeg)});
            if (reply) {
                tell(*frame, *reply);
            } else {
                endure(*frame, reply.error());
            }
        }
        m_troubles.finish();
        if (m_answered == 0 && m_troubles.first()) throw *m_troubles.first();
        if (frames.is_live()) return k_exit_yes;
        if (stop_signal.load() != 0) return exit_after_signal();
        if (m_troubles.count() > 0) return k_exit_partial;
        return m_known > 0 ? k_exit_yes : k_exit_no;
    }

private:
    void tell(app::Frame const& frame, app::RealtimeReply const& reply) {
        ++m_answered;
        m_wait = k_first_wait;
        for (auto const& face : reply.faces) {
            if (face.label != "Unknown") ++m_known;
            cmd::tell(m_cx, "face",
                      {{"time", to_rfc3339(frame.time)},
                       {"label", face.label},
                       {"distance", face.distance ? ui::decimal(*face.distance, 4) : ui::Value{}},
                       {"box", box_value(face.box)},
                       {"dispatch", text_or_null(face.dispatch)},
                       {"reason", text_or_null(face.dispatch_reason)}});
        }
        m_cx.out.flush();
    }

    /// The frame is lost: by the time the server is back, it shows the past.
    void endure(app::Frame const& frame, app::RealtimeTrouble const& trouble) {
        if (trouble.is_final) throw trouble.error;
        m_troubles.tell(frame.name, trouble.error);
        if (trouble.error.kind() == Kind::data) return;
        pause_until_stopped(trouble.retry_after.value_or(m_wait));
        m_wait = std::min(2 * m_wait, k_longest_wait);
    }

    Context& m_cx;
    FrameTroubles m_troubles;
    app::RealtimeClient m_client;
    std::chrono::seconds m_wait = k_first_wait;
    std::int64_t m_answered = 0, m_known = 0;
};

}  // namespace

int run_watch_server(WatchOptions const& o, Context& cx) {
    ServerWatch watch{o, cx};
    auto const frames = open_source(o, cx, k_usual_fps);
    return watch.run(*frames);
}

}  // namespace bioctl::cmd
