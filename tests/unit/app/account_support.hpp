#pragma once
// A store with accounts, a clock that is set by hand, and a hasher that counts instead of working.

#include <string>

#include <fmt/format.h>

#include "lib/app/accounts.hpp"
#include "lib/app/api_keys.hpp"
#include "lib/store/web_sessions.hpp"
#include "tests/support/stopped_clock.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::test {

/// "hash of x"; counts how often it was asked.
class CountingHasher final : public PasswordHasher {
public:
    [[nodiscard]] std::string hash(std::string_view password) const override { return fmt::format("hash of {}", password); }
    [[nodiscard]] bool matches(std::string_view hash, std::string_view password) const override {
        ++asked;
        asked_for = hash;
        return hash == fmt::format("hash of {}", password);
    }
    [[nodiscard]] std::string_view nobody() const override { return "nobody"; }

    mutable int asked = 0;
    mutable std::string asked_for;
};

inline constexpr auto k_password = "correct horse battery";

struct AccountStore {
    TempDir dir;
    StoppedClock clock;
    CountingHasher hasher;
    app::Actor actor{"local:root", "cli uid 0"};
    store::Store store = store::Store::open(dir / "bioctl.db", {});

    store::Account add(std::string_view name, std::string_view role = "operator") {
        return app::add_account(store, clock, actor, name, role, k_password, hasher);
    }
    app::LoginAnswer login(std::string name, std::string password = k_password, std::string peer = "192.0.2.7") {
        return app::login(store, clock, {std::move(name), std::move(password), std::move(peer)}, hasher);
    }
    void pass(std::chrono::milliseconds time) { clock.set(clock.now() + time); }

    std::string actions() {
        std::string text;
        app::each_audit_row(store, {}, [&](store::AuditRow const& row) {
            text += fmt::format("{}{} {} {}", text.empty() ? "" : "\n", row.who, row.action, row.subject);
            return true;
        });
        return text;
    }
};

}  // namespace bioctl::test
