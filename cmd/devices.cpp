#include <CLI/CLI.hpp>

#include "cmd/device_verbs.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/devices.hpp"

namespace bioctl::cmd {

namespace {

struct ListOptions {
    bool all = false;
};

struct ShowOptions {
    std::string name;
    int transitions = 10;
};

ui::Value tags_of(store::DeviceConfig const& config) {
    ui::Value::Array tags;
    for (auto const& tag : config.tags)
        tags.emplace_back(tag);
    return tags;
}

std::string state_of(store::Device const& device) {
    if (device.is_source()) return "source";
    return device.config.enabled ? device.health.state : "disabled";
}

ui::Fields fields_of(store::Device const& device) {
    auto const& config = device.config;
    auto const& health = device.health;
    return {{"name", config.name},
            {"state", state_of(device)},
            {"since", time_value(health.since)},
            {"reason", text_or_null(health.reason)},
            {"not_before", time_value(health.not_before)},
            {"url", config.base_url},
            {"user", config.user},
            {"location", text_or_null(config.location)},
            {"tags", tags_of(config)},
            {"tls", config.tls},
            {"pin", text_or_null(config.pin)},
            {"window", config.window},
            {"reuse_nonce", config.reuse_nonce},
            {"push_url", text_or_null(config.push_url)},
            {"enabled", config.enabled},
            {"device_serial", text_or_null(device.identity.serial_number)},
            {"mac", text_or_null(device.identity.mac)},
            {"model", text_or_null(device.identity.model)},
            {"firmware", text_or_null(device.identity.firmware)},
            {"last_sync", time_value(device.last_sync)},
            {"last_event", time_value(device.last_event)},
            {"backlog", device.backlog},
            {"drift_ms", device.drift_ms},
            {"epoch", device.cursor.epoch},
            {"serial", device.cursor.serial},
            {"failures", health.failures}};
}

void add_list(CLI::App& verb, ListOptions& o) {
    verb.add_flag("-a,--all", o.all, "Also the sources of recognised faces that are no terminals, such as cameras");
}

int run_list(ListOptions const& o, Context& cx) {
    cx.out.columns({"name", "state", "since", "last_event", "backlog", "drift_ms", "location", "url"});
    if (cx.has_store()) {
        auto store = cx.open_store(store::Access::read_only);
        for (auto const& device : store.devices().list())
            cx.out.record("device", fields_of(device));
        if (o.all) {
            for (auto const& source : store.devices().sources())
                cx.out.record("device", fields_of(source));
        }
    }
    if (cx.out.records() == 0) cx.talk.note("there are no devices yet; `bioctl devices add` adds one");
    return k_exit_yes;
}

void add_show(CLI::App& verb, ShowOptions& o) {
    verb.add_option("name", o.name, "Device to show")->required()->type_name("NAME");
    verb.add_option("--transitions", o.transitions, "How many changes of its state to list")
        ->type_name("N")
        ->check(CLI::Range(0, 1000));
}

int run_show(ShowOptions const& o, Context& cx) {
    auto store = open_device_store(cx, store::Access::read_only);
    store.read([&] {
        auto const device = app::require_device_or_source(store, o.name);
        cx.out.columns({"name", "state", "since", "reason", "url", "user", "location", "tls", "window", "device_serial", "model",
                        "firmware", "last_sync", "last_event", "backlog", "drift_ms"});
        cx.out.record("device", fields_of(device));
        cx.out.columns({"at", "from", "to", "reason"});
        for (auto const& transition : store.devices().transitions(device.key, o.transitions)) {
            cx.out.record("transition", {{"device", transition.device},
                                         {"at", time_value(transition.at)},
                                         {"from", transition.from},
                                         {"to", transition.to},
                                         {"reason", text_or_null(transition.reason)}});
        }
    });
    return k_exit_yes;
}

}  // namespace

Verb devices_list_verb() {
    return verb("list", "List all devices with their state", Group::devices, add_list, run_list);
}

Verb devices_show_verb() {
    return verb("show", "Show one device and how its state changed", Group::devices, add_show, run_show);
}

Verb devices_verb() {
    return noun("devices", "Manage the face terminals", Group::devices,
                {devices_add_verb(), devices_list_verb(), devices_show_verb(), devices_edit_verb(), devices_remove_verb(),
                 devices_enable_verb(), devices_disable_verb(), devices_check_verb(), devices_listen_verb(),
                 devices_push_people_verb(), devices_import_verb(), devices_export_verb()});
}

}  // namespace bioctl::cmd
