#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/device_verbs.hpp"
#include "lib/app/device_listen.hpp"
#include "lib/app/devices.hpp"
#include "lib/app/push.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct ListenOptions {
    std::string name;
    std::optional<std::string> url, server;
    bool off = false;
    bool force = false;
};

void add_listen(CLI::App& verb, ListenOptions& o) {
    verb.add_option("name", o.name, "Device")->required()->type_name("NAME");
    auto* const url =
        verb.add_option("--url", o.url,
                        "Where it is to push its events: http://192.0.2.5:8080/hik/gate-1; without, show where it does")
            ->type_name("URL");
    auto* const server = verb.add_option("--server", o.server,
                                         "The same for `bioctl serve`, with a path that nobody guesses: http://192.0.2.5:8080")
                             ->type_name("URL")
                             ->excludes(url);
    verb.add_flag("--off", o.off, "Let it push to nobody")->excludes(url)->excludes(server);
    verb.add_flag("--force", o.force, "Take the place of another listener");
}

/// Where the device is to push: as said, or below the server that was named. A device that pushes there already keeps its path.
std::optional<std::string> wanted_url(ListenOptions const& o, store::Device const& device) {
    if (!o.server) return o.url;
    auto base = *o.server;
    while (base.ends_with('/'))
        base.pop_back();
    auto const& now = device.config.push_url;
    return now.starts_with(base + "/hik/") ? now : base + app::new_push_path();
}

int run_listen(ListenOptions const& o, Context& cx) {
    if (o.force && !o.url && !o.server && !o.off)
        throw Error{Kind::usage, "devices listen: --force goes with --url, --server or --off"};
    for (auto const& text : {o.url, o.server}) {
        if (text) static_cast<void>(hikvision::push_host_from(*text).or_throw());
    }
    store::Device device;
    {
        auto store = open_device_store(cx, store::Access::read_only);
        device = app::require_device(store, o.name);
    }
    SyncWorkspace const work{cx};
    auto const url = wanted_url(o, device);
    auto const report =
        url || o.off ? app::set_listener(work.get(), device, url.value_or(""), o.force) : app::read_listener(work.get(), device);
    cx.out.columns({"device", "listener", "before", "slot"});
    cx.out.record("listener", {{"device", device.config.name},
                               {"listener", report.after.shown()},
                               {"before", report.before.shown()},
                               {"slot", report.after.id},
                               {"changed", report.is_changed}});
    if (report.warning.empty()) return k_exit_yes;
    cx.talk.warn(fmt::format("{}: {}", printable(device.config.name), report.warning));
    return k_exit_no;
}

}  // namespace

Verb devices_listen_verb() {
    return verb("listen", "Tell a device where to push its events", Group::devices, add_listen, run_listen);
}

}  // namespace bioctl::cmd
