#include "lib/app/device_session.hpp"

#include <fmt/format.h>

#include "lib/app/device_health.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr std::chrono::seconds k_patience{60};
constexpr std::chrono::milliseconds k_gap{100};  // longer than the step at which others look

void require_login_allowed(store::Device const& device, Timestamp now) {
    auto const health = health_of(device.health);
    auto const& name = device.config.name;
    if (health.state == hikvision::State::locked && now < health.not_before) {
        throw Error{Kind::busy, fmt::format("{}: locked by the device until {}; wait: each try would start the time anew", name,
                                            to_rfc3339(health.not_before))};
    }
    if (health.state == hikvision::State::refused) {
        throw Error{Kind::permission,
                    fmt::format("{}: logins are stopped after a wrong password; set the right one with `bioctl devices edit {} "
                                "--password-file FILE`",
                                name, shell_word(name))};
    }
}

}  // namespace

DeviceSession::DeviceSession(SyncSetup const& setup, store::Device const& device, hikvision::HealthRules const& health)
    : m_setup(setup),
      m_device(device),
      m_health(health),
      m_turn(DeviceTurn::take(setup, device.key, k_patience)),
      m_terminal(address_of(device, setup.key)) {
    if (!m_turn) throw device_is_taken(setup, device);
    require_login_allowed(device, setup.clock.now());
    auto const info = require(m_terminal.device_info());
    auto const& known = device.identity.serial_number;
    if (!known.empty() && known != info.serial_number) {
        throw Error{
            Kind::config,
            fmt::format("{}: another terminal answers: serial number {} instead of {}; correct the address, or take it "
                        "as a replacement with `bioctl devices edit {} --replace`",
                        device.config.name, printable(info.serial_number), printable(known), shell_word(device.config.name))};
    }
    keep_success(m_setup, m_device);
}

void DeviceSession::fail(hikvision::Trouble const& trouble) {
    keep_trouble(m_setup, m_device, trouble, m_health);
    throw trouble.error.within(m_device.config.name);
}

void DeviceSession::let_others_pass() {
    m_turn.reset();
    m_setup.pause(k_gap);
    m_turn = DeviceTurn::take(m_setup, m_device.key, k_patience);
    if (!m_turn && !m_setup.should_stop()) throw device_is_taken(m_setup, m_device);
}

}  // namespace bioctl::app
