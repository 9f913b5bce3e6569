#include "lib/app/device_check.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "lib/app/device_health.hpp"
#include "lib/app/device_turn.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using hikvision::Refusal;
using hikvision::Trouble;

std::string shown_offset(std::chrono::minutes offset) {
    auto const minutes = offset.count();
    return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
}

class Check {
public:
    Check(SyncSetup const& setup, store::Device const& device, CheckRules const& rules,
          std::function<void(DeviceFinding const&)> const& on_finding)
        : m_setup(setup), m_device(device), m_rules(rules), m_on_finding(on_finding), m_terminal(address_of(device, setup.key)) {}

    Fitness run() {
        auto const turn = DeviceTurn::take(m_setup, m_device.key, m_rules.patience);
        if (!turn) {
            tell("reach", Fitness::bad, device_is_taken(m_setup, m_device).message(), "ask again when that has finished");
            return m_worst;
        }
        if (may_log_in() && reach() && identity()) {
            clock();
            search();
            pictures();
            lock();
        }
        return m_worst;
    }

private:
    void tell(std::string_view topic, Fitness fitness, std::string text, std::string remedy = {}) {
        m_worst = std::max(m_worst, fitness);
        m_on_finding({topic, fitness, std::move(text), std::move(remedy)});
    }

    bool may_log_in() {
        auto const health = health_of(m_device.health);
        auto const now = m_setup.clock.now();
        if (health.state == hikvision::State::locked && now < health.not_before) {
            tell("login", Fitness::bad,
                 fmt::format("locked by the device until {}: {}", to_rfc3339(health.not_before), health.reason),
                 "wait: each try would start the time anew");
            return false;
        }
        if (health.state == hikvision::State::refused && !m_rules.force) {
            tell("login", Fitness::bad, fmt::format("logins are stopped: {}", health.reason),
                 fmt::format(
                     "set the password with `bioctl devices edit {} --password-file FILE`, or try the old one again with --force",
                     shell_word(m_device.config.name)));
            return false;
        }
        return true;
    }

    bool reach() {
        auto const there = m_terminal.probe();
        if (!there && there.error().status.is_locked) {
            tell("login", Fitness::bad, there.error().error.message(), "wait: each try would start the time anew");
            keep_trouble(m_setup, m_device, there.error());
            return false;
        }
        if (!there) {
            tell("reach", Fitness::bad, there.error().error.message(),
                 "check power, cable, address and port, and any firewall between");
            keep_trouble(m_setup, m_device, there.error());
            return false;
        }
        tell("reach", Fitness::good, fmt::format("{} answers", m_device.config.base_url));
        return true;
    }

    bool identity() {
        auto const info = m_terminal.device_info();
        if (!info) {
            tell("login", Fitness::bad, info.error().error.message(),
                 info.error().status.refusal == Refusal::wrong_login
                     ? fmt::format("set the password with `bioctl devices edit {} --password-file FILE`",
                                   shell_word(m_device.config.name))
                 : info.error().what == Trouble::What::nonsense
                     ? "look whether this is a terminal: is the port right, does something else answer there?"
                     : "look whether the address is that of a terminal, and whether the user may read its settings");
            keep_trouble(m_setup, m_device, info.error());
            return false;
        }
        auto const& known = m_device.identity.serial_number;
        bool const is_known = known.empty() || known == info->serial_number;
        if (is_known) keep_success(m_setup, m_device);
        tell("login", Fitness::good, fmt::format("as {}", printable(m_device.config.user)));
        auto const text = fmt::format("{} {}, firmware {}, MAC {}", printable(info->model), printable(info->serial_number),
                                      printable(info->firmware), printable(info->mac));
        if (is_known) {
            tell("identity", Fitness::good, text);
        } else {
            tell("identity", Fitness::bad, fmt::format("{}; it was {}", text, printable(known)),
                 fmt::format("correct the address, or take it as a replacement with `bioctl devices edit {} --replace`",
                             shell_word(m_device.config.name)));
        }
        return true;
    }

    void clock() {
        auto const time = m_terminal.time();
        if (!time)
            return tell("clock", Fitness::warning, time.error().error.message(),
                        "look at the terminal whether its time is right (System > Time)");
        auto const drift = std::chrono::duration_cast<std::chrono::seconds>(time->now - m_setup.clock.now());
        auto const text = fmt::format("{:+} s against this machine, UTC{}, set by {}", drift.count(),
                                      shown_offset(time->utc_offset), time->mode.empty() ? "unknown" : printable(time->mode));
        if (std::chrono::abs(drift) <= m_rules.max_drift) return tell("clock", Fitness::good, text);
        tell("clock", Fitness::warning, text,
             "set the time server of the device (System > Time); events carry the device's time");
    }

    void search() {
        auto const limits = m_terminal.search_limits();
        if (!limits) {
            bool const is_missing = limits.error().status.refusal == Refusal::unsupported;
            return tell("search", Fitness::warning, limits.error().error.message(),
                        is_missing
                            ? "if a sync finds nothing, this firmware has no event search: let the device push to `bioctl serve`"
                            : "try again; if it stays, restart the terminal");
        }
        tell("search", Fitness::good,
             fmt::format("{} events a page, {} serial numbers", limits->max_results,
                         limits->has_serial_range ? "with" : "without"));
    }

    void pictures() {
        auto const settings = m_terminal.picture_settings();
        if (!settings) {
            return tell("pictures", Fitness::warning, settings.error().error.message(),
                        "look whether the device saves pictures: Access Control > Authentication settings");
        }
        auto const is_off = [](std::optional<bool> flag) { return flag && !*flag; };
        if (is_off(settings->save_capture) && is_off(settings->save_verification)) {
            return tell("pictures", Fitness::warning, "the device saves none",
                        "switch on saving of captured and verification pictures at the device");
        }
        tell("pictures", Fitness::good, "saved by the device");
    }

    void lock() {
        auto const policy = m_terminal.lock_policy();
        if (!policy) return tell("lock", Fitness::good, "the device does not tell its rule for wrong passwords");
        if (!policy->enabled) return tell("lock", Fitness::good, "never locks after wrong passwords");
        tell("lock", Fitness::good,
             fmt::format("locks for {} min after {} wrong passwords", policy->lock_time.count() / 60, policy->max_tries));
    }

    SyncSetup const& m_setup;
    store::Device const& m_device;
    CheckRules const& m_rules;
    std::function<void(DeviceFinding const&)> const& m_on_finding;
    hikvision::Terminal m_terminal;
    Fitness m_worst = Fitness::good;
};

}  // namespace

Fitness check_device(SyncSetup const& setup, store::Device const& device, CheckRules const& rules,
                     std::function<void(DeviceFinding const&)> const& on_finding) {
    return Check{setup, device, rules, on_finding}.run();
}

}  // namespace bioctl::app
