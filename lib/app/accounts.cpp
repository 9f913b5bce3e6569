#include "lib/app/accounts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/credential_names.hpp"
#include "lib/app/login_failures.hpp"
#include "lib/app/password_turn.hpp"
#include "lib/base/causes.hpp"
#include "lib/base/text.hpp"
#include "lib/store/api_keys.hpp"
#include "lib/store/web_sessions.hpp"

namespace bioctl::app {

namespace {

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '@' ||
           c == '-';
}

/// Of valid UTF-8.
std::size_t characters_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string hash_in_turn(PasswordHasher const& hasher, std::string_view password) {
    auto const turn = password_turn();
    return hasher.hash(password);
}

void require_another_admin(store::Store& store, store::Account const& account, LastAdmin last_admin) {
    bool const is_last = account.role == "admin" && account.is_enabled && store.accounts().count_enabled("admin") == 1;
    if (!is_last || last_admin == LastAdmin::let_go) return;
    throw RuleForbids{
        Kind::permission,
        fmt::format("{} is the last admin: nobody could manage accounts over the web; add another admin first", account.name)};
}

}  // namespace

std::unique_lock<std::timed_mutex> password_turn() {
    constexpr std::chrono::seconds k_patience{5};
    static std::timed_mutex mutex;
    std::unique_lock lock{mutex, k_patience};
    if (!lock) throw Error{Kind::busy, "too many passwords are being checked at once; try again in a moment"};
    return lock;
}

void require_credential_name(std::string_view what, std::string_view name) {
    bool const is_good = !name.empty() && name.size() <= 64 && std::ranges::all_of(name, is_name_character) &&
                         std::string_view{"._@-"}.find(name.front()) == std::string_view::npos;
    if (is_good) return;
    throw Error{Kind::usage, fmt::format("'{}' is no name of an {}: 1 to 64 letters, digits and ._@-, a letter or a digit first",
                                         printable(name), what)};
}

Result<void> check_password(std::string_view name, std::string_view password) {
    if (password.size() > k_longest_password)
        return failure(Kind::data, fmt::format("the password is longer than {} bytes", k_longest_password));
    if (!is_utf8(password))
        return failure(Kind::data, "the password is not valid UTF-8; type it on a terminal that writes UTF-8");
    if (characters_of(password) < k_least_password) {
        return failure(
            Kind::data,
            fmt::format("the password has less than {} characters; choose a longer one, such as four words", k_least_password));
    }
    if (to_lower_ascii(password) == to_lower_ascii(name))
        return failure(Kind::data, "the password is the name of the account; choose another one");
    return {};
}

store::Account require_account(store::Store& store, std::string_view name) {
    if (auto account = store.accounts().get(name)) return *std::move(account);
    auto const accounts = store.accounts().list();
    std::vector<std::string_view> names;
    for (auto const& account : accounts)
        names.push_back(account.name);
    throw Error{Kind::no_input, fmt::format("there is no account '{}'{} `bioctl accounts list` shows all", printable(name),
                                            did_you_mean(name, names))};
}

bool has_any_credential(store::Store& store) {
    bool has_one = false;
    store.read([&] { has_one = store.accounts().has_any() || store.api_keys().has_any(); });
    return has_one;
}

store::Account add_account(store::Store& store, Clock const& clock, Actor const& actor, std::string_view name,
                           std::string_view role, std::string_view password, PasswordHasher const& hasher) {
    require_credential_name("account", name);
    static_cast<void>(scopes_of_role(role).or_throw());
    check_password(name, password).or_throw();
    store::Account account{.name = std::string{name}, .role = std::string{role}, .password_hash = hash_in_turn(hasher, password)};
    store.write([&] {
        store.accounts().add(account, clock.now());
        forget_failures_of(store, name);
        record(store, clock, actor, "accounts.add", name, {{"role", account.role}});
        account = require_account(store, name);
    });
    return account;
}

store::Account set_password(store::Store& store, Clock const& clock, Actor const& actor, std::string_view name,
                            std::string_view password, PasswordHasher const& hasher) {
    auto account = require_account(store, name);
    check_password(account.name, password).or_throw();
    auto const hash = hash_in_turn(hasher, password);
    store.write([&] {
        account = require_account(store, name);
        store.accounts().set_password(account.key, hash, clock.now());
        auto const ended = store.web_sessions().remove_of(account.key);
        forget_failures_of(store, name);
        record(store, clock, actor, "accounts.passwd", account.name, {{"sessions_ended", fmt::format("{}", ended)}});
        account = require_account(store, name);
    });
    return account;
}

store::Account set_enabled(store::Store& store, Clock const& clock, Actor const& actor, std::string_view name, bool is_enabled,
                           LastAdmin last_admin) {
    store::Account account;
    store.write([&] {
        account = require_account(store, name);
        if (account.is_enabled == is_enabled) return;
        if (!is_enabled) require_another_admin(store, account, last_admin);
        store.accounts().set_enabled(account.key, is_enabled, clock.now());
        if (!is_enabled) store.web_sessions().remove_of(account.key);
        record(store, clock, actor, is_enabled ? "accounts.enable" : "accounts.disable", account.name);
        account = require_account(store, name);
    });
    return account;
}

store::Account remove_account(store::Store& store, Clock const& clock, Actor const& actor, std::string_view name,
                              LastAdmin last_admin) {
    store::Account account;
    store.write([&] {
        account = require_account(store, name);
        require_another_admin(store, account, last_admin);
        store.web_sessions().remove_of(account.key);
        store.accounts().remove(account.key, clock.now());
        forget_failures_of(store, name);
        record(store, clock, actor, "accounts.remove", account.name, {{"role", account.role}});
    });
    return account;
}

}  // namespace bioctl::app
