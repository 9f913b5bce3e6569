#pragma once
// A talk with one terminal outside a sync, by the same rules: nobody else talks to it meanwhile, a lock and stopped logins are
// respected, it is the terminal that we know, and what its answers teach is kept.

#include <optional>

#include "lib/app/device_turn.hpp"
#include "lib/hikvision/terminal.hpp"

namespace bioctl::app {

class DeviceSession {
public:
    /// Logs in. Throws Error{busy} if the device is taken or locked, {permission} if its logins are stopped, {config} if another
    /// terminal answers, and what the terminal's trouble is.
    DeviceSession(SyncSetup const& setup, store::Device const& device, hikvision::HealthRules const& health = {});

    [[nodiscard]] hikvision::Terminal& terminal() { return m_terminal; }

    /// The value; or keeps what the trouble teaches about the device, and throws its Error.
    template <class Value>
    Value require(hikvision::Outcome<Value> outcome) {
        if (!outcome) fail(outcome.error());
        if constexpr (!std::is_void_v<Value>) return std::move(*outcome);
    }
    [[noreturn]] void fail(hikvision::Trouble const& trouble);

    /// Between two pieces of work: lets somebody else talk to the device, then goes on. Throws Error{busy} if that takes too
    /// long.
    void let_others_pass();

private:
    SyncSetup const& m_setup;
    store::Device const m_device;
    hikvision::HealthRules const m_health;
    std::optional<DeviceTurn> m_turn;
    hikvision::Terminal m_terminal;
};

}  // namespace bioctl::app
