#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/router_verbs.hpp"
#include "cmd/ui/confirm.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/routers.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

store::Store open_router_store(Context& cx, store::Access access) {
    if (!cx.has_store()) throw Error{Kind::no_input, "there are no routers yet; `bioctl routers add` adds one"};
    return cx.open_store(access);
}

namespace {

struct ConfigOptions {
    app::RouterChange change;
    std::optional<std::string> password_file;
};

void add_config(CLI::App& verb, ConfigOptions& o) {
    verb.add_option("--user", o.change.user, "User of the router")->type_name("NAME");
    verb.add_option("--password-file", o.password_file, "File (mode 0600) with its password; - is standard input")
        ->type_name("FILE");
    verb.add_option("--tls", o.change.tls, "Whom to believe: a known authority, one public key, nobody (anon), or no TLS at all")
        ->type_name("ca|pin|anon|off");
    verb.add_option("--pin", o.change.pin, "Public key of the router for --tls pin: sha256//BASE64")->type_name("KEY");
    verb.add_option("--via", o.change.via, "The API of RouterOS, or its REST interface (7.1 and later)")->type_name("api|rest");
    verb.add_option("--login", o.change.login, "How the API is logged in to: plain since RouterOS 6.43, md5 before")
        ->type_name("auto|plain|md5");
}

app::RouterChange change_of(ConfigOptions const& o) {
    auto change = o.change;
    if (o.password_file) change.password = read_secret(*o.password_file, "password");
    return change;
}

ui::Fields fields_of(store::Router const& router) {
    auto const& config = router.config;
    auto const& health = router.health;
    return {{"name", config.name},
            {"state", config.enabled ? health.state : "disabled"},
            {"host", config.host},
            {"port", config.port},
            {"via", config.via},
            {"tls", config.tls},
            {"pin", text_or_null(config.pin)},
            {"user", config.user},
            {"login", config.login},
            {"enabled", config.enabled},
            {"identity", text_or_null(router.identity)},
            {"version", text_or_null(router.version)},
            {"last_poll", time_value(router.last_poll)},
            {"failures", health.failures},
            {"not_before", time_value(health.not_before)},
            {"reason", text_or_null(health.reason)}};
}

void show(Context& cx, std::string_view type, store::Router const& router) {
    cx.out.columns({"name", "state", "host", "port", "via", "tls", "user", "identity", "last_poll", "reason"});
    cx.out.record(type, fields_of(router));
}

void warn_of_tls(Context& cx, store::RouterConfig const& config) {
    if (config.tls == "off")
        cx.talk.warn("without TLS the password travels in the clear; enable api-ssl or www-ssl on the router when you can");
    if (config.tls == "anon")
        cx.talk.warn("anonymous TLS does not prove who the router is; a certificate on the router and --tls pin do");
}

struct AddOptions {
    ConfigOptions config;
    std::string name, host;
    bool disabled = false;
};

void add_add(CLI::App& verb, AddOptions& o) {
    verb.add_option("name", o.name, "Name of the router")->required()->type_name("NAME");
    verb.add_option("host", o.host, "Its name or address, perhaps with a port: 192.0.2.1, gw.example:8729")
        ->required()
        ->type_name("HOST");
    add_config(verb, o.config);
    verb.add_flag("--disabled", o.disabled, "Do not ask it yet");
}

int run_add(AddOptions const& o, Context& cx) {
    auto wanted = change_of(o.config);
    wanted.name = o.name;
    wanted.host = o.host;
    wanted.enabled = !o.disabled;
    auto store = cx.open_store(store::Access::read_write);
    auto const router = app::add_router(store, cx.clock, seal_key(cx), wanted);
    show(cx, "added", router);
    warn_of_tls(cx, router.config);
    cx.talk.note(fmt::format("`bioctl routers check {}` tells whether it can be asked", shell_word(o.name)));
    return k_exit_yes;
}

struct EditOptions {
    ConfigOptions config;
    std::string name;
    std::optional<std::string> new_name, host;
    std::optional<bool> enabled;
};

void add_edit(CLI::App& verb, EditOptions& o) {
    verb.add_option("name", o.name, "Router to change")->required()->type_name("NAME");
    verb.add_option("--name", o.new_name, "Another name")->type_name("NAME");
    verb.add_option("--host", o.host, "Another name or address")->type_name("HOST");
    add_config(verb, o.config);
    // As a function: an optional flag that is not given would be set to false.
    verb.add_flag_function(
        "--enable,!--disable", [&o](std::int64_t sign) { o.enabled = sign > 0; }, "Ask it, or leave it out");
}

int run_edit(EditOptions const& o, Context& cx) {
    auto change = change_of(o.config);
    change.name = o.new_name;
    change.host = o.host;
    change.enabled = o.enabled;
    bool const is_empty = !change.name && !change.host && !change.user && !change.password && !change.tls && !change.pin &&
                          !change.via && !change.login && !change.enabled;
    if (is_empty) throw Error{Kind::usage, "routers edit: say what to change; `bioctl routers edit --help` lists what can be"};
    auto store = open_router_store(cx, store::Access::read_write);
    auto const router = app::edit_router(store, cx.clock, seal_key(cx), o.name, change);
    show(cx, "edited", router);
    if (change.tls) warn_of_tls(cx, router.config);
    return k_exit_yes;
}

struct ListOptions {};

void add_list(CLI::App& /*verb*/, ListOptions& /*options*/) {}

int run_list(ListOptions const& /*options*/, Context& cx) {
    cx.out.columns({"name", "state", "host", "port", "via", "tls", "user", "identity", "last_poll", "reason"});
    if (cx.has_store()) {
        auto store = cx.open_store(store::Access::read_only);
        for (auto const& router : store.routers().list())
            cx.out.record("router", fields_of(router));
    }
    if (cx.out.records() == 0) cx.talk.note("there are no routers yet; `bioctl routers add` adds one");
    return k_exit_yes;
}

struct RemoveOptions {
    std::string name;
    bool yes = false;
};

void add_remove(CLI::App& verb, RemoveOptions& o) {
    verb.add_option("name", o.name, "Router to remove")->required()->type_name("NAME");
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
}

int run_remove(RemoveOptions const& o, Context& cx) {
    auto store = open_router_store(cx, store::Access::read_write);
    auto const router = app::require_router(store, o.name);
    auto const question = fmt::format("Remove {} ({}) and its password? The history of its hotspots stays.",
                                      printable(router.config.name), printable(router.config.host));
    if (!o.yes && !ui::confirm(question)) {
        cx.talk.note("nothing was removed");
        return k_exit_no;
    }
    store.write([&] { app::remove_router(store, router, cx.clock.now()); });
    show(cx, "removed", router);
    return k_exit_yes;
}

}  // namespace

Verb routers_verb() {
    return noun("routers", "Manage the MikroTik routers of the hotspots", Group::network,
                {verb("add", "Add a router", Group::network, add_add, run_add),
                 verb("list", "List all routers with their state", Group::network, add_list, run_list), routers_check_verb(),
                 verb("edit", "Change a router", Group::network, add_edit, run_edit),
                 verb("remove", "Remove a router; its history stays", Group::network, add_remove, run_remove)});
}

}  // namespace bioctl::cmd
