#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cmd/audit_trail.hpp"
#include "cmd/event_verbs.hpp"
#include "cmd/ui/confirm.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/moment.hpp"
#include "lib/app/targets.hpp"
#include "lib/base/file.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr std::uint64_t k_longest_template = 256 * 1024;
constexpr std::chrono::hours k_longest_after{7 * 24};

struct ConfigOptions {
    app::TargetChange change;
    std::optional<std::string> token_file, hmac_key_file, template_file, after;
    std::vector<std::string> devices, locations, kinds;
};

void add_config(CLI::App& verb, ConfigOptions& o) {
    verb.add_option("--format", o.change.format, "What is sent, see FORMATS in the manual")
        ->type_name("presence|attendance|event|template|telegram|mail|exec");
    verb.add_option("--template", o.template_file, "File with the JSON body for --format template")->type_name("FILE");
    verb.add_option("--picture", o.change.picture, "Send the picture: in the JSON, as a part of a form, or not")
        ->type_name("none|base64|multipart");
    verb.add_option("--token-file", o.token_file,
                    "File (mode 0600) with the bearer token, the bot's token or the mail password; - is standard input")
        ->type_name("FILE");
    verb.add_option("--hmac-key-file", o.hmac_key_file, "File (mode 0600) with the key that bodies are signed with")
        ->type_name("FILE");
    verb.add_option("--device", o.devices, "Only events of this device; may be given several times")->type_name("NAME");
    verb.add_option("--location", o.locations, "Only events of this place; may be given several times")->type_name("TEXT");
    verb.add_option("--kind", o.kinds,
                    "What to send; may be given several times; sighting: recognized, but by no terminal; device: "
                    "a device has changed its state")
        ->type_name("recognized|sighting|other|device|notification")
        ->check(CLI::IsMember({"recognized", "sighting", "other", "device", "notification"}));
    verb.add_option("--cooldown", o.change.cooldown_s, "Send a person at most once in so many seconds")->type_name("S");
    verb.add_option("--timeout", o.change.timeout_s, "Seconds to wait for an answer")->type_name("S");
    verb.add_option("--quiet-hours", o.change.quiet, "Let notifications wait in these hours, local time: 22:00-06:00; off")
        ->type_name("HOURS|off");
    verb.add_option("--after", o.after, "Notify only of what is still true after so long: 30s, 10m, 2h")->type_name("TIME");
}

app::TargetChange change_of(ConfigOptions const& o) {
    auto change = o.change;
    if (o.token_file) change.bearer = read_secret(*o.token_file, "token");
    if (o.hmac_key_file) change.hmac_key = read_secret(*o.hmac_key_file, "signing key");
    if (o.template_file) {
        auto const text = read_file(*o.template_file, k_longest_template);
        if (!text) throw text.error();
        change.body_template = std::string{as_text(*text)};
    }
    if (o.after) {
        auto const span = app::parse_span(*o.after);
        if (!span || *span > k_longest_after)
            throw Error{Kind::usage, fmt::format("--after '{}' must be a time up to 7 days: 30s, 10m, 2h", printable(*o.after))};
        change.after_s = static_cast<int>(span->count());
    }
    if (!o.devices.empty()) change.devices = o.devices;
    if (!o.locations.empty()) change.locations = o.locations;
    if (!o.kinds.empty()) change.kinds = o.kinds;
    return change;
}

ui::Value array_of(std::vector<std::string> const& texts) {
    ui::Value::Array array;
    for (auto const& text : texts)
        array.emplace_back(text);
    return array;
}

void show(Context& cx, std::string_view type, store::Target const& target) {
    cx.out.record(type, {{"name", target.name},
                         {"url", target.url},
                         {"format", target.format},
                         {"picture", target.picture},
                         {"kinds", array_of(target.kinds)},
                         {"devices", array_of(target.devices)},
                         {"locations", array_of(target.locations)},
                         {"cooldown_s", target.cooldown_s},
                         {"timeout_s", target.timeout_s},
                         {"has_token", !target.bearer.empty()},
                         {"is_signed", !target.hmac_key.empty()},
                         {"quiet_hours", text_or_null(target.quiet)},
                         {"after_s", target.after_s},
                         {"enabled", target.enabled}});
}

void begin(Context& cx) {
    cx.out.columns({"name", "format", "picture", "kinds", "cooldown_s", "enabled", "url"});
}

struct AddOptions {
    ConfigOptions config;
    std::string name, url;
};

void add_add(CLI::App& verb, AddOptions& o) {
    verb.add_option("name", o.name, "Name of the target")->required()->type_name("NAME");
    verb.add_option("url", o.url, "Where to send: https://..., smtp://..., exec:/path; see ADDRESSES in the manual")
        ->required()
        ->type_name("URL");
    add_config(verb, o.config);
}

int run_add(AddOptions const& o, Context& cx) {
    auto change = change_of(o.config);
    change.name = o.name;
    change.url = o.url;
    if (!change.cooldown_s) change.cooldown_s = cx.settings.event_cooldown();
    auto store = cx.open_store(store::Access::read_write);
    begin(cx);
    store::Together change_and_row{store};
    auto const target = app::add_target(store, cx.clock, seal_key(cx), change);
    record_change(cx, store, "targets.add", target.name, {{"format", target.format}});
    change_and_row.commit();
    show(cx, "added", target);
    bool const takes_events = std::ranges::any_of(
        target.kinds, [](auto const& kind) { return kind == "recognized" || kind == "sighting" || kind == "other"; });
    if (!takes_events) {
        cx.talk.note(fmt::format("`bioctl notifications test --target {}` shows whether it works", shell_word(target.name)));
        return k_exit_yes;
    }
    cx.talk.note(fmt::format(
        "events that come from now on are sent to it; `bioctl events resend --since TIME --target {}` sends older ones",
        shell_word(target.name)));
    return k_exit_yes;
}

struct EditOptions {
    ConfigOptions config;
    std::string name;
    std::optional<std::string> new_name, url;
    std::optional<bool> enabled;
};

void add_edit(CLI::App& verb, EditOptions& o) {
    verb.add_option("name", o.name, "Target to change")->required()->type_name("NAME");
    verb.add_option("--name", o.new_name, "Another name")->type_name("NAME");
    verb.add_option("--url", o.url, "Another address")->type_name("URL");
    add_config(verb, o.config);
    // As a function: an optional flag that is not given would be set to false.
    verb.add_flag_function(
        "--enable,!--disable", [&o](std::int64_t sign) { o.enabled = sign > 0; }, "Queue events for it, or not");
}

int run_edit(EditOptions const& o, Context& cx) {
    auto change = change_of(o.config);
    change.name = o.new_name;
    change.url = o.url;
    change.enabled = o.enabled;
    auto store = open_target_store(cx, store::Access::read_write);
    begin(cx);
    store::Together change_and_row{store};
    auto const target = app::edit_target(store, cx.clock, seal_key(cx), o.name, change);
    record_change(cx, store, "targets.edit", o.name, {{"name", target.name}});
    change_and_row.commit();
    show(cx, "edited", target);
    return k_exit_yes;
}

struct ListOptions {};

void add_list(CLI::App& /*verb*/, ListOptions& /*options*/) {}

int run_list(ListOptions const& /*options*/, Context& cx) {
    begin(cx);
    if (cx.has_store()) {
        auto store = cx.open_store(store::Access::read_only);
        for (auto const& target : store.outbox().targets())
            show(cx, "target", target);
    }
    if (cx.out.records() == 0) cx.talk.note("there are no targets yet; `bioctl targets add` adds one");
    return k_exit_yes;
}

struct RemoveOptions {
    std::string name;
    bool yes = false;
};

void add_remove(CLI::App& verb, RemoveOptions& o) {
    verb.add_option("name", o.name, "Target to remove")->required()->type_name("NAME");
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
}

int run_remove(RemoveOptions const& o, Context& cx) {
    auto store = open_target_store(cx, store::Access::read_write);
    auto const target = app::require_target(store, o.name);
    if (!o.yes && !ui::confirm(fmt::format("Remove {} and all that is to be sent to it?", printable(target.name)))) {
        cx.talk.note("nothing was removed");
        return k_exit_no;
    }
    store.write([&] {
        store.outbox().remove_target(target.name);
        app::record(store, cx.clock, local_actor(), "targets.remove", target.name);
    });
    begin(cx);
    show(cx, "removed", target);
    return k_exit_yes;
}

}  // namespace

Verb targets_verb() {
    return noun("targets", "Manage where events are sent", Group::devices,
                {verb("add", "Add a target", Group::devices, add_add, run_add),
                 verb("list", "List all targets", Group::devices, add_list, run_list),
                 verb("edit", "Change a target", Group::devices, add_edit, run_edit),
                 verb("remove", "Remove a target with its deliveries", Group::devices, add_remove, run_remove)});
}

}  // namespace bioctl::cmd
