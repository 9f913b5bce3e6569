#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/device_verbs.hpp"
#include "lib/app/device_listen.hpp"
#include "lib/app/devices.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct ListenOptions {
    std::string name;
    std::optional<std::string> url;
    bool off = false;
    bool force = false;
};

void add_listen(CLI::App& verb, ListenOptions& o) {
    verb.add_option("name", o.name, "Device")->required()->type_name("NAME");
    auto* const url =
        verb.add_option("--url", o.url,
                        "Where it is to push its events: http://192.0.2.5:8080/hik/gate-1; without, show where it does")
            ->type_name("URL");
    verb.add_flag("--off", o.off, "Let it push to nobody")->excludes(url);
    verb.add_flag("--force", o.force, "Take the place of another listener");
}

int run_listen(ListenOptions const& o, Context& cx) {
    if (o.force && !o.url && !o.off) throw Error{Kind::usage, "devices listen: --force goes with --url or --off"};
    if (o.url) static_cast<void>(hikvision::push_host_from(*o.url).or_throw());
    store::Device device;
    {
        auto store = open_device_store(cx, store::Access::read_only);
        device = app::require_device(store, o.name);
    }
    SyncWorkspace const work{cx};
    auto const report = o.url || o.off ? app::set_listener(work.get(), device, o.url.value_or(""), o.force)
                                       : app::read_listener(work.get(), device);
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
