#include "cmd/watch.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/device_verbs.hpp"
#include "cmd/face_options.hpp"
#include "cmd/install_paths.hpp"
#include "cmd/setting_flag.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/moment.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr std::size_t k_most_told = 3;

void add_input(CLI::App& verb, WatchOptions& o) {
    verb.add_option("source", o.source,
                    "Number of a camera, rtsp:// or http:// address, video file, folder of photos; - is JPEGs "
                    "on standard input")
        ->type_name("SOURCE");
    verb.add_option("--source-file", o.source_file, "File (mode 0600) with the address, for one that holds a password")
        ->type_name("FILE");
    verb.add_option("--fps", o.fps, "Frames looked at in a second, at most [5; with --server 1.43]")
        ->type_name("F")
        ->check(CLI::Range(0.01, 60.0));
    verb.add_option("--input-fps", o.input_fps,
                    "Frames a second that were recorded: of a folder [as --fps], of standard input [live]")
        ->type_name("F")
        ->check(CLI::Range(0.01, 1000.0));
    verb.add_option("--start", o.start, "When the recording began: '2026-11-21 07:15', 2h [now]")->type_name("TIME");
    verb.add_flag("--once", o.is_once, "End when the camera sends no more, instead of connecting again");
    verb.add_option("--stall", o.stall_s, "Seconds without a frame after which a camera is connected again")
        ->type_name("S")
        ->check(CLI::Range(1, 600));
}

void add_watch(CLI::App& verb, WatchOptions& o) {
    add_input(verb, o);
    verb.add_option("--name", o.name, "What the source is called in events [from SOURCE]")->type_name("NAME");
    verb.add_option("--gone", o.gone_s, "Seconds unseen after which a visit is over")
        ->type_name("S")
        ->check(CLI::Range(1, 86'400));
    verb.add_flag("--unknown", o.is_unknown_told, "Also report faces that nobody is enrolled with");
    verb.add_option("--picture", o.picture, "Keep a picture with each event: of the face, or the whole frame")
        ->type_name("none|face|frame")
        ->check(CLI::IsMember({"none", "face", "frame"}));
    verb.add_option("--annotate", o.annotate, "Write the frames with boxes and names into this folder")->type_name("DIR");
    verb.add_flag("--no-deliver", o.no_deliver, "Leave the deliveries to another run");
    verb.add_flag("-n,--dry-run", o.is_dry_run, "Store no events and send nothing");
    verb.add_option("--server", o.server, "Let this bioctl server look at the frames, instead of doing it here")
        ->type_name("URL");
    verb.add_option("--key-file", o.key_file, "File (mode 0600) with the API key for --server; - is standard input")
        ->type_name("FILE")
        ->needs("--server");
    add_setting(verb, "-t,--threshold", "threshold");
    add_setting(verb, "--margin", "margin");
    add_setting(verb, "--metric", "metric");
    add_limits(verb);
}

void check(WatchOptions const& o) {
    if (o.source.empty() == !o.source_file.has_value())
        throw Error{Kind::usage, "watch: name one source, or a file with its address (--source-file)"};
    if (o.source == "-" && o.key_file == "-")
        throw Error{Kind::usage, "watch: the frames and the key cannot both come from standard input"};
    bool const is_for_here = o.name || o.picture != "none" || !o.annotate.empty() || o.is_dry_run || o.no_deliver;
    if (o.server && is_for_here)
        throw Error{Kind::usage,
                    "watch: --server goes with neither --name, --picture, --annotate, --dry-run nor --no-deliver: "
                    "the server looks at the frames and keeps the events"};
}

int run_watch(WatchOptions const& given, Context& cx) {
    check(given);
    auto o = given;
    if (o.source_file) o.source = read_secret(*o.source_file, "address");
    if (!o.source_file && app::without_login(o.source) != o.source)
        cx.talk.warn("others on this machine can read the password in the address; put it into a file for --source-file");
    return o.server ? run_watch_server(o, cx) : run_watch_here(o, cx);
}

}  // namespace

std::unique_ptr<app::FrameSource> open_source(WatchOptions const& o, Context& cx, double usual_fps) {
    app::FrameRules rules;
    rules.fps = o.fps.value_or(usual_fps);
    rules.input_fps = o.input_fps;
    rules.start = o.start ? app::Zone{cx.settings.timezone()}.parse(*o.start, cx.clock.now()).or_throw() : cx.clock.now();
    rules.stall = std::chrono::seconds{o.stall_s};
    rules.is_once = o.is_once;
    rules.limits = limits_of(cx);
    rules.plugin_dir = video_plugin().parent_path();
    rules.clock = &cx.clock;
    rules.should_stop = [] { return stop_signal.load() != 0; };
    rules.pause = pause_until_stopped;
    rules.on_trouble = [&cx](std::string const& what) { cx.talk.warn(what); };
    return app::open_frames(o.source, rules);
}

void FrameTroubles::tell(std::string const& frame, Error const& error) {
    if (++m_count <= k_most_told) m_cx.talk.warn(fmt::format("{}: {}", printable(frame), error.message()));
    if (!m_first) m_first = error;
}

void FrameTroubles::finish() {
    if (m_count > k_most_told) m_cx.talk.warn(fmt::format("{} could not be used", counted(m_count, "frame", "frames")));
}

Verb watch_verb() {
    return verb("watch", "Say who comes before a camera", Group::face, add_watch, run_watch);
}

}  // namespace bioctl::cmd
