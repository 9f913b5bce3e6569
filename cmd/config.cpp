#include <algorithm>

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/verbs.hpp"
#include "lib/base/text.hpp"
#include "lib/store/calibrations.hpp"

namespace bioctl::cmd {

namespace {

struct NoOptions {};

struct GetOptions {
    std::string key;
};

struct SetOptions {
    std::string key, value;
    bool system = false;
};

ui::Fields fields_of(config::Setting const& setting) {
    return {{"key", setting.key->name}, {"value", setting.value}, {"origin", setting.origin}};
}

void add_nothing(CLI::App& /*verb*/, NoOptions& /*options*/) {}

/// What `calibrate --apply` chose: in force where the setting is left alone.
void tell_calibrations(Context& cx) {
    if (!cx.settings.get("data_dir").value || !cx.has_store()) return;
    auto store = cx.open_store(store::Access::read_only);
    for (auto const& calibration : store.calibrations().list()) {
        auto const* const key = calibration.modality == store::Modality::palm ? "palm_threshold" : "threshold";
        auto const& setting = cx.settings.get(key);
        auto const origin =
            fmt::format("calibrate --apply of {}, {} people, models {}{}", to_rfc3339(calibration.created_at), calibration.people,
                        calibration.contract, setting.value ? fmt::format("; overruled by {}", setting.origin) : "");
        for (auto const& [use, threshold] : {std::pair{"1:N", calibration.identify}, std::pair{"1:1", calibration.verify}}) {
            cx.out.record("calibration", {{"key", fmt::format("{} ({}, {})", key, use, calibration.metric)},
                                          {"value", ui::decimal(static_cast<double>(threshold), 4)},
                                          {"origin", origin},
                                          {"contract", calibration.contract}});
        }
    }
}

int run_show(NoOptions const& /*options*/, Context& cx) {
    cx.out.columns({"key", "value", "origin"});
    for (auto const& setting : cx.settings.all())
        cx.out.record("setting", fields_of(setting));
    try {
        tell_calibrations(cx);
    } catch (Error const& error) {
        // The settings are told whatever state the store is in.
        cx.talk.warn(error.message());
    }
    return k_exit_yes;
}

void add_get(CLI::App& verb, GetOptions& o) {
    verb.add_option("key", o.key, "Setting to print")->required()->type_name("KEY");
}

int run_get(GetOptions const& o, Context& cx) {
    auto const& setting = cx.settings.get(o.key);
    if (cx.out.rendering() == ui::Rendering::json) {
        cx.out.record("setting", fields_of(setting));
    } else if (setting.value) {
        cx.out.text(*setting.value + '\n');  // the bare value, for $(bioctl config get KEY)
    }
    return setting.value ? k_exit_yes : k_exit_no;
}

fs::path file_to_change(config::Layers const& layers, bool system) {
    if (system) return layers.system_file.value();
    if (layers.config_flag) return *layers.config_flag;
    if (layers.user_file) return *layers.user_file;
    throw Error{Kind::config,
                "no configuration file to change: neither HOME nor XDG_CONFIG_HOME is set; name one with --config FILE"};
}

/// Tells when the change will not be seen, because another place has the last word.
void warn_if_overridden(std::string_view key, fs::path const& file, Context& cx) {
    try {
        auto const resolved = config::resolve(cx.layers);
        auto const& origin = resolved.get(key).origin;
        if (origin != "default" && !origin.starts_with("file " + printable(file.native()) + ':')) {
            cx.talk.warn(fmt::format("{} is still taken from: {}", key, origin));
        }
    } catch (Error const& error) {
        cx.talk.warn(error.message());
    }
}

void change(std::string const& key, std::optional<std::string> const& value, bool system, Context& cx) {
    auto const file = file_to_change(cx.layers, system);
    bool const is_changed = config::set_in_file(file, key, value);
    cx.out.json_only("setting_changed", {{"key", key}, {"value", value}, {"file", file.native()}, {"changed", is_changed}});
    auto const what = value ? fmt::format("{} = {}", key, printable(*value)) : fmt::format("{} removed", key);
    cx.talk.note(fmt::format("{}: {}{}", printable(file.native()), what, is_changed ? "" : " (nothing to change)"));
    warn_if_overridden(key, file, cx);
}

void add_set(CLI::App& verb, SetOptions& o) {
    verb.add_option("key", o.key, "Setting to write")->required()->type_name("KEY");
    verb.add_option("value", o.value, "Its new value")->required()->type_name("VALUE");
    verb.add_flag("--system", o.system, "Change the system's file instead of the user's");
}

int run_set(SetOptions const& o, Context& cx) {
    change(o.key, o.value, o.system, cx);
    return k_exit_yes;
}

void add_unset(CLI::App& verb, SetOptions& o) {
    verb.add_option("key", o.key, "Setting to remove from the file")->required()->type_name("KEY");
    verb.add_flag("--system", o.system, "Change the system's file instead of the user's");
}

int run_unset(SetOptions const& o, Context& cx) {
    change(o.key, std::nullopt, o.system, cx);
    return k_exit_yes;
}

int run_path(NoOptions const& /*options*/, Context& cx) {
    cx.out.columns({"layer", "path", "exists"});
    auto const tell = [&](std::string_view layer, std::optional<fs::path> const& path) {
        std::error_code error;
        if (path)
            cx.out.record("config_file", {{"layer", layer}, {"path", path->native()}, {"exists", fs::exists(*path, error)}});
    };
    tell("config", cx.layers.config_flag);
    tell("user", cx.layers.user_file);
    tell("system", cx.layers.system_file);
    return k_exit_yes;
}

}  // namespace

Verb config_verb() {
    return noun(
        "config", "Look at and change the settings", Group::setup,
        {verb("show", "Print every setting and where its value comes from", Group::setup, add_nothing, run_show),
         verb("get", "Print the value of one setting", Group::setup, add_get, run_get),
         verb("set", "Write a setting into a configuration file", Group::setup, add_set, run_set, Needs::nothing),
         verb("unset", "Remove a setting from a configuration file", Group::setup, add_unset, run_unset, Needs::nothing),
         verb("path", "List the configuration files, strongest first", Group::setup, add_nothing, run_path, Needs::nothing)});
}

}  // namespace bioctl::cmd
