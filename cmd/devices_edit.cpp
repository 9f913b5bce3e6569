#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/audit_trail.hpp"
#include "cmd/device_verbs.hpp"
#include "cmd/ui/confirm.hpp"
#include "lib/app/devices.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

struct ConfigOptions {
    app::DeviceChange change;
    std::optional<std::string> password_file;
    std::vector<std::string> tags;
};

void add_config(CLI::App& verb, ConfigOptions& o) {
    verb.add_option("--user", o.change.user, "User of the device")->type_name("NAME");
    verb.add_option("--password-file", o.password_file, "File (mode 0600) with its password; - is standard input")
        ->type_name("FILE");
    verb.add_option("--location", o.change.location, "Where it hangs")->type_name("TEXT");
    verb.add_option("--tag", o.tags, "Tag; may be given several times")->type_name("TEXT");
    verb.add_option("--tls", o.change.tls, "Whom to believe over https: a known authority, one public key, or anybody")
        ->type_name("ca|pin|off");
    verb.add_option("--pin", o.change.pin, "Public key of the device for --tls pin: sha256//BASE64")->type_name("KEY");
    verb.add_option("--window", o.change.window, "How times of a search are written: in the device's offset, without one, in UTC")
        ->type_name("device|none|utc");
    // As a function: an optional flag that is not given would be set to false.
    verb.add_flag_function(
        "--reuse-nonce,!--fresh-nonce", [&o](std::int64_t sign) { o.change.reuse_nonce = sign > 0; },
        "Log in once for several requests: faster, but some firmware refuses it");
}

app::DeviceChange change_of(ConfigOptions const& o) {
    auto change = o.change;
    if (o.password_file) change.password = read_secret(*o.password_file, "password");
    if (!o.tags.empty()) change.tags = o.tags;
    return change;
}

void show(Context& cx, std::string_view type, store::Device const& device) {
    cx.out.columns({"name", "url", "user", "location"});
    cx.out.record(type, {{"name", device.config.name},
                         {"url", device.config.base_url},
                         {"user", device.config.user},
                         {"location", text_or_null(device.config.location)},
                         {"enabled", device.config.enabled}});
}

struct AddOptions {
    ConfigOptions config;
    std::string name, url;
    bool disabled = false;
};

void add_add(CLI::App& verb, AddOptions& o) {
    verb.add_option("name", o.name, "Name of the device")->required()->type_name("NAME");
    verb.add_option("url", o.url, "Its address: http://192.0.2.10, https://gate.example:8443")->required()->type_name("URL");
    add_config(verb, o.config);
    verb.add_flag("--disabled", o.disabled, "Do not sync it yet");
}

int run_add(AddOptions const& o, Context& cx) {
    app::check_device_url(o.url).or_throw();
    auto wanted = change_of(o.config);
    wanted.name = o.name;
    wanted.url = o.url;
    wanted.enabled = !o.disabled;
    auto store = cx.open_store(store::Access::read_write);
    auto const key = seal_key(cx);
    store::Together change_and_row{store};
    auto const added = app::add_device(store, cx.clock, key, wanted);
    record_change(cx, store, "devices.add", added.config.name, {{"url", added.config.base_url}});
    change_and_row.commit();
    show(cx, "added", added);
    for (auto const& other : store.devices().list()) {
        if (other.config.name != o.name && other.config.base_url == app::check_device_url(o.url).or_throw())
            cx.talk.warn(fmt::format("{} has the same URL", printable(other.config.name)));
    }
    cx.talk.note(fmt::format("`bioctl devices check {}` tells whether it is fit to be synced", shell_word(o.name)));
    return k_exit_yes;
}

struct EditOptions {
    ConfigOptions config;
    std::string name;
    std::optional<std::string> new_name, url;
    bool replace = false;
    bool dry_run = false;
};

void add_edit(CLI::App& verb, EditOptions& o) {
    verb.add_option("name", o.name, "Device to change")->required()->type_name("NAME");
    verb.add_option("--name", o.new_name, "Another name")->type_name("NAME");
    verb.add_option("--url", o.url, "Another address")->type_name("URL");
    add_config(verb, o.config);
    verb.add_flag("--replace", o.replace, "Another terminal has taken its place: forget the serial number, keep the events");
    verb.add_flag("-n,--dry-run", o.dry_run, "Change nothing, say whether it would work");
}

int run_edit(EditOptions const& o, Context& cx) {
    auto change = change_of(o.config);
    change.name = o.new_name;
    change.url = o.url;
    change.is_replaced = o.replace;
    bool const is_empty = !change.name && !change.url && !change.user && !change.password && !change.location && !change.tls &&
                          !change.pin && !change.window && !change.tags && !change.reuse_nonce && !o.replace;
    if (is_empty) throw Error{Kind::usage, "devices edit: say what to change; `bioctl devices edit --help` lists what can be"};
    auto store = open_device_store(cx, o.dry_run ? store::Access::read_only : store::Access::read_write);
    auto const key = seal_key(cx);
    std::optional<store::Together> change_and_row;
    if (!o.dry_run) change_and_row.emplace(store);
    auto const edited = app::edit_device(store, cx.clock, key, o.name, change, o.dry_run ? app::Mode::dry_run : app::Mode::write);
    if (change_and_row) {
        record_change(cx, store, "devices.edit", o.name, {{"name", edited.config.name}});
        change_and_row->commit();
    }
    show(cx, "edited", edited);
    return k_exit_yes;
}

struct RemoveOptions {
    std::string name;
    bool yes = false;
};

void add_remove(CLI::App& verb, RemoveOptions& o) {
    verb.add_option("name", o.name, "Device to remove")->required()->type_name("NAME");
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
}

int run_remove(RemoveOptions const& o, Context& cx) {
    auto store = open_device_store(cx, store::Access::read_write);
    auto const device = app::require_device_or_source(store, o.name);
    auto const what = device.is_source() ? "" : fmt::format(" ({}) and its password", device.config.base_url);
    auto const question = fmt::format("Remove {}{}? Its events stay.", printable(device.config.name), what);
    if (!o.yes && !ui::confirm(question)) {
        cx.talk.note("nothing was removed");
        return k_exit_no;
    }
    store.write([&] {
        store.devices().remove(device.config.name, cx.clock.now());
        app::record(store, cx.clock, local_actor(), "devices.remove", device.config.name);
    });
    show(cx, "removed", device);
    return k_exit_yes;
}

struct SwitchOptions {
    std::vector<std::string> names;
};

void add_switch(CLI::App& verb, SwitchOptions& o) {
    verb.add_option("name", o.names, "Devices")->required()->type_name("NAME");
}

int run_switch(SwitchOptions const& o, Context& cx, bool enabled) {
    auto store = open_device_store(cx, store::Access::read_write);
    auto const key = seal_key(cx);
    for (auto const& name : o.names)
        static_cast<void>(app::require_device(store, name));
    app::DeviceChange change;
    change.enabled = enabled;
    for (auto const& name : o.names) {
        store::Together change_and_row{store};
        auto const device = app::edit_device(store, cx.clock, key, name, change, app::Mode::write);
        record_change(cx, store, enabled ? "devices.enable" : "devices.disable", device.config.name);
        change_and_row.commit();
        show(cx, enabled ? "enabled" : "disabled", device);
    }
    return k_exit_yes;
}

int run_enable(SwitchOptions const& o, Context& cx) {
    return run_switch(o, cx, true);
}

int run_disable(SwitchOptions const& o, Context& cx) {
    return run_switch(o, cx, false);
}

}  // namespace

Verb devices_add_verb() {
    return verb("add", "Add a device", Group::devices, add_add, run_add);
}

Verb devices_edit_verb() {
    return verb("edit", "Change a device", Group::devices, add_edit, run_edit);
}

Verb devices_remove_verb() {
    return verb("remove", "Remove a device; its events stay", Group::devices, add_remove, run_remove);
}

Verb devices_enable_verb() {
    return verb("enable", "Sync devices again", Group::devices, add_switch, run_enable);
}

Verb devices_disable_verb() {
    return verb("disable", "Leave devices out of the sync", Group::devices, add_switch, run_disable);
}

}  // namespace bioctl::cmd
