#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/device_verbs.hpp"
#include "lib/app/device_check.hpp"
#include "lib/app/devices.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct CheckOptions {
    std::vector<std::string> names;
    bool force = false;
};

void add_check(CLI::App& verb, CheckOptions& o) {
    verb.add_option("name", o.names, "Devices to check; all that are enabled if none is named")->type_name("NAME");
    verb.add_flag("--force", o.force, "Log in although a wrong password has stopped the logins");
}

std::string_view word_for(app::Fitness fitness) {
    switch (fitness) {
        case app::Fitness::good: return "ok";
        case app::Fitness::warning: return "warning";
        case app::Fitness::bad: return "failed";
    }
    return "failed";
}

int run_check(CheckOptions const& o, Context& cx) {
    std::vector<store::Device> devices;
    {
        auto store = open_device_store(cx, store::Access::read_only);
        devices = app::choose_devices(store, o.names);
    }
    SyncWorkspace const work{cx};
    app::CheckRules rules;
    rules.force = o.force;
    cx.out.columns({"device", "topic", "result", "text", "remedy"});
    auto worst = app::Fitness::good;
    for (auto const& device : devices) {
        if (stop_signal.load() != 0) return 128 + stop_signal.load();
        auto const fitness = app::check_device(work.get(), device, rules, [&](app::DeviceFinding const& finding) {
            cx.out.record("finding", {{"device", device.config.name},
                                      {"topic", finding.topic},
                                      {"result", word_for(finding.fitness)},
                                      {"text", finding.text},
                                      {"remedy", text_or_null(finding.remedy)}});
        });
        worst = std::max(worst, fitness);
    }
    return worst == app::Fitness::good ? k_exit_yes : k_exit_no;
}

}  // namespace

Verb devices_check_verb() {
    return verb("check", "Ask devices whether they are fit to be synced", Group::devices, add_check, run_check);
}

}  // namespace bioctl::cmd
