#include <catch2/catch.hpp>

#include "lib/base/causes.hpp"
#include "tests/support/expect_error.hpp"
#include "tests/unit/app/account_support.hpp"

using namespace bioctl;
using namespace std::chrono_literals;
using test::AccountStore;
using test::error_of;

TEST_CASE("accounts: names, roles and passwords that are none are refused, and nothing is stored", "[app]") {
    AccountStore s;
    auto const refused = [&](std::string_view name, std::string_view role, std::string_view password) {
        return error_of([&] { app::add_account(s.store, s.clock, s.actor, name, role, password, s.hasher); });
    };
    auto const long_name = std::string(65, 'a');
    for (std::string_view const name : {"", "-a", ".a", "a b", "a/b", "a\nb", "ä", long_name.c_str()}) {
        CAPTURE(name);
        CHECK(refused(name, "admin", test::k_password).kind() == Kind::usage);
    }
    CHECK(refused("siti", "root", test::k_password).kind() == Kind::usage);
    auto const long_password = std::string(1025, 'x');
    for (std::string_view const password :
         {"", "nine char", "ääääääää", long_password.c_str(), "\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7\xf6"}) {
        CAPTURE(password);
        auto const error = refused("siti", "admin", password);
        CHECK(error.kind() == Kind::data);
        if (!password.empty()) CHECK_THAT(error.message(), !Catch::Contains(std::string{password}));
    }
    CHECK(refused("siti.aminah", "admin", "SITI.aminah").kind() == Kind::data);
    CHECK(s.store.accounts().list().empty());
    CHECK(s.actions().empty());
    CHECK_FALSE(app::has_any_credential(s.store));
    CHECK(app::check_password("siti", "ääääääääää").has_value());
}

TEST_CASE("accounts: a name is taken whatever its case, until its account is removed", "[app]") {
    AccountStore s;
    s.add("Siti", "admin");
    CHECK(error_of([&] { s.add("siti"); }).kind() == Kind::data);
    CHECK_THROWS_AS(s.add("siti"), NameTaken);
    CHECK(app::require_account(s.store, "SITI").name == "Siti");
    s.add("budi", "admin");
    app::remove_account(s.store, s.clock, s.actor, "siti");
    auto const again = s.add("siti");
    CHECK(again.role == "operator");
    CHECK(s.store.accounts().list().size() == 2);
    CHECK_THAT(error_of([&] { (void)app::require_account(s.store, "bud"); }).message(), Catch::Contains("did you mean 'budi'?"));
}

TEST_CASE("accounts: the last enabled admin stays unless told otherwise", "[app]") {
    AccountStore s;
    s.add("siti", "admin");
    s.add("budi", "admin");
    s.add("tono", "operator");
    app::set_enabled(s.store, s.clock, s.actor, "budi", false);
    auto const refused = error_of([&] { app::set_enabled(s.store, s.clock, s.actor, "siti", false); });
    CHECK(refused.kind() == Kind::permission);
    CHECK_THAT(refused.message(), Catch::EndsWith("add another admin first"));
    CHECK(error_of([&] { app::remove_account(s.store, s.clock, s.actor, "siti"); }).kind() == Kind::permission);
    CHECK(app::require_account(s.store, "siti").is_enabled);
    // Of those that are disabled, and of others, any may go.
    app::remove_account(s.store, s.clock, s.actor, "budi");
    app::remove_account(s.store, s.clock, s.actor, "tono");
    CHECK_FALSE(app::set_enabled(s.store, s.clock, s.actor, "siti", false, app::LastAdmin::let_go).is_enabled);
    CHECK(app::set_enabled(s.store, s.clock, s.actor, "siti", true).is_enabled);
    app::remove_account(s.store, s.clock, s.actor, "siti", app::LastAdmin::let_go);
    CHECK(s.store.accounts().list().empty());
    CHECK_FALSE(app::has_any_credential(s.store));
}

TEST_CASE("accounts: every change is in the log once, and what changes nothing is not", "[app]") {
    AccountStore s;
    s.add("siti", "admin");
    app::set_enabled(s.store, s.clock, s.actor, "siti", true);
    app::set_password(s.store, s.clock, s.actor, "SITI", "another good one", s.hasher);
    app::set_enabled(s.store, s.clock, s.actor, "siti", false, app::LastAdmin::let_go);
    app::set_enabled(s.store, s.clock, s.actor, "siti", true);
    app::remove_account(s.store, s.clock, s.actor, "siti", app::LastAdmin::let_go);
    CHECK(s.actions() ==
          "local:root accounts.add siti\nlocal:root accounts.passwd siti\nlocal:root accounts.disable siti\n"
          "local:root accounts.enable siti\nlocal:root accounts.remove siti");
    CHECK(app::verify_audit(s.store).findings.empty());
}

TEST_CASE("accounts: roles open what they are said to open", "[app]") {
    using app::Scope;
    CHECK(app::scopes_of_role("viewer").value() == std::set{Scope::read, Scope::recognize});
    auto const all = std::set<Scope>{app::all_scopes().begin(), app::all_scopes().end()};
    CHECK(app::scopes_of_role("admin").value() == all);
    auto operators = app::scopes_of_role("operator").value();
    CHECK_FALSE(operators.contains(Scope::admin));
    operators.insert(Scope::admin);
    CHECK(operators == all);
    CHECK_FALSE(app::scopes_of_role("Admin"));
    for (auto const scope : app::all_scopes())
        CHECK(app::scope_from(app::name_of(scope)).value() == scope);
    CHECK_FALSE(app::scope_from("write"));
}
