#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/account_verbs.hpp"
#include "cmd/audit_trail.hpp"
#include "cmd/device_verbs.hpp"
#include "cmd/ui/confirm.hpp"
#include "cmd/ui/password.hpp"
#include "cmd/verbs.hpp"
#include "lib/app/accounts.hpp"
#include "lib/base/causes.hpp"
#include "lib/base/text.hpp"

namespace bioctl::cmd {

namespace {

constexpr Group k_group = Group::setup;

/// What a rule forbids here, --force allows.
template <class Work>
auto or_force(Work const& work) {
    try {
        return work();
    } catch (RuleForbids const& error) {
        throw Error{error.kind(), fmt::format("{}, or use --force", error.message())};
    }
}

void begin(Context& cx) {
    cx.out.columns({"name", "role", "enabled", "last_login", "last_peer", "created_at"});
}

void show(Context& cx, std::string_view type, store::Account const& account) {
    cx.out.record(type, {{"name", account.name},
                         {"role", account.role},
                         {"enabled", account.is_enabled},
                         {"last_login", time_value(account.last_login)},
                         {"last_peer", text_or_null(account.last_peer)},
                         {"created_at", time_value(account.created_at)},
                         {"updated_at", time_value(account.updated_at)}});
}

store::Store open_accounts(Context& cx, store::Access access) {
    if (!cx.has_store()) throw Error{Kind::no_input, "there are no accounts yet; `bioctl accounts add` adds one"};
    return cx.open_store(access);
}

std::string new_password(std::optional<std::string> const& file, std::string_view name) {
    return file ? read_secret(*file, "password") : ui::ask_new_password(name);
}

void add_password_file(CLI::App& verb, std::optional<std::string>& file) {
    verb.add_option("--password-file", file,
                    "File (mode 0600) with the password; - is standard input; without it you are asked on the terminal")
        ->type_name("FILE|-");
}

struct AddOptions {
    std::string name, role;
    std::optional<std::string> password_file;
};

void add_add(CLI::App& verb, AddOptions& o) {
    verb.add_option("name", o.name, "Name to log in with")->required()->type_name("NAME");
    verb.add_option("--role", o.role, "What it may do, see ROLES in the manual")
        ->required()
        ->type_name("admin|operator|viewer")
        ->check(CLI::IsMember({"admin", "operator", "viewer"}));
    add_password_file(verb, o.password_file);
}

int run_add(AddOptions const& o, Context& cx) {
    auto password = new_password(o.password_file, o.name);
    auto store = cx.open_store(store::Access::read_write);
    auto const account = app::add_account(store, cx.clock, local_actor(), o.name, o.role, password);
    wipe(password);
    begin(cx);
    show(cx, "added", account);
    return k_exit_yes;
}

struct ListOptions {};

void add_list(CLI::App& /*verb*/, ListOptions& /*options*/) {}

int run_list(ListOptions const& /*options*/, Context& cx) {
    begin(cx);
    auto const accounts =
        cx.has_store() ? cx.open_store(store::Access::read_only).accounts().list() : std::vector<store::Account>{};
    if (accounts.empty()) cx.talk.note("there are no accounts yet; `bioctl accounts add` adds one");
    for (auto const& account : accounts)
        show(cx, "account", account);
    return k_exit_yes;
}

struct PasswdOptions {
    std::string name;
    std::optional<std::string> password_file;
};

void add_passwd(CLI::App& verb, PasswdOptions& o) {
    verb.add_option("name", o.name, "Account")->required()->type_name("NAME");
    add_password_file(verb, o.password_file);
}

int run_passwd(PasswdOptions const& o, Context& cx) {
    auto store = open_accounts(cx, store::Access::read_write);
    auto const name = app::require_account(store, o.name).name;
    auto password = new_password(o.password_file, name);
    auto const account = app::set_password(store, cx.clock, local_actor(), name, password);
    wipe(password);
    begin(cx);
    show(cx, "edited", account);
    return k_exit_yes;
}

struct SwitchOptions {
    std::string name;
    bool force = false;
};

void add_enable(CLI::App& verb, SwitchOptions& o) {
    verb.add_option("name", o.name, "Account")->required()->type_name("NAME");
}

void add_disable(CLI::App& verb, SwitchOptions& o) {
    add_enable(verb, o);
    verb.add_flag("--force", o.force, "Also the last admin");
}

int run_switch(SwitchOptions const& o, Context& cx, bool is_enabled) {
    auto store = open_accounts(cx, store::Access::read_write);
    bool const was_enabled = app::require_account(store, o.name).is_enabled;
    auto const last_admin = o.force ? app::LastAdmin::let_go : app::LastAdmin::keep;
    auto const account =
        or_force([&] { return app::set_enabled(store, cx.clock, local_actor(), o.name, is_enabled, last_admin); });
    if (was_enabled == is_enabled)
        cx.talk.note(fmt::format("{} is {} already", printable(account.name), is_enabled ? "enabled" : "disabled"));
    begin(cx);
    show(cx, "edited", account);
    return k_exit_yes;
}

int run_disable(SwitchOptions const& o, Context& cx) {
    return run_switch(o, cx, false);
}

int run_enable(SwitchOptions const& o, Context& cx) {
    return run_switch(o, cx, true);
}

struct RemoveOptions {
    std::string name;
    bool force = false;
    bool yes = false;
};

void add_remove(CLI::App& verb, RemoveOptions& o) {
    verb.add_option("name", o.name, "Account to remove")->required()->type_name("NAME");
    verb.add_flag("--force", o.force, "Also the last admin");
    verb.add_flag("-y,--yes", o.yes, "Do not ask");
}

int run_remove(RemoveOptions const& o, Context& cx) {
    auto store = open_accounts(cx, store::Access::read_write);
    auto const name = app::require_account(store, o.name).name;
    if (!o.yes && !ui::confirm(fmt::format("Remove the account {} and end its sessions?", printable(name)))) {
        cx.talk.note("nothing was removed");
        return k_exit_no;
    }
    auto const last_admin = o.force ? app::LastAdmin::let_go : app::LastAdmin::keep;
    auto const account = or_force([&] { return app::remove_account(store, cx.clock, local_actor(), name, last_admin); });
    begin(cx);
    show(cx, "removed", account);
    return k_exit_yes;
}

}  // namespace

Verb accounts_verb() {
    return noun(
        "accounts", "Manage who may log in, and the keys of programs", k_group,
        {verb("add", "Add an account", k_group, add_add, run_add), verb("list", "List the accounts", k_group, add_list, run_list),
         verb("passwd", "Set the password of an account and end its sessions", k_group, add_passwd, run_passwd),
         verb("disable", "Let an account log in no more and end its sessions", k_group, add_disable, run_disable),
         verb("enable", "Let an account log in again", k_group, add_enable, run_enable),
         verb("remove", "Remove an account and end its sessions", k_group, add_remove, run_remove), accounts_keys_verb()});
}

}  // namespace bioctl::cmd
