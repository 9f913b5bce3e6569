// One pass over one device: who is there, what time it has, what is new, which pictures are due.

#include <algorithm>

#include <fmt/format.h>

#include "lib/app/device_health.hpp"
#include "lib/app/device_listen.hpp"
#include "lib/app/device_turn.hpp"
#include "lib/app/sync_events.hpp"
#include "lib/app/sync_pictures.hpp"
#include "lib/base/text.hpp"
#include "lib/hikvision/terminal.hpp"

namespace bioctl::app {

using hikvision::Health;
using hikvision::Outcome;
using hikvision::Refusal;
using hikvision::State;
using hikvision::Trouble;

namespace {

constexpr int k_tries = 4;  // within a pass, of a device that has answered
constexpr std::chrono::milliseconds k_first_pause{300};
constexpr std::chrono::seconds k_turn_patience{30};

hikvision::WindowStyle style_of(std::string_view name) {
    if (name == "none") return hikvision::WindowStyle::none;
    return name == "utc" ? hikvision::WindowStyle::utc : hikvision::WindowStyle::device;
}

/// What the device takes. What it has refused is asked for again after a day: firmware is updated, and a refusal may have been a
/// mood.
hikvision::Dialect dialect_of(store::DeviceCursor const& cursor, Timestamp now) {
    hikvision::Dialect usual;
    usual.max_results = cursor.max_results;
    hikvision::Dialect const known{{cursor.filter_major, cursor.filter_minor}, cursor.has_serial_range, cursor.max_results};
    return now - cursor.dialect_at < std::chrono::hours{24} ? known : usual;
}

/// The reason of a state, with what ends it where time alone does not.
std::string explained(Health const& health, store::Device const& device) {
    if (health.state == State::refused) {
        return fmt::format("{}. Nothing logs in until `bioctl devices edit {} --password-file FILE` sets another", health.reason,
                           shell_word(device.config.name));
    }
    if (health.state == State::locked) return fmt::format("{}. Next login at {}", health.reason, to_rfc3339(health.not_before));
    return health.reason;
}

bool is_refused(Trouble const& trouble, Refusal refusal) {
    return trouble.what == Trouble::What::refused && trouble.status.refusal == refusal;
}

class Pass {
public:
    Pass(SyncSetup const& setup, SyncRules const& rules, store::Device const& device)
        : m_setup(setup), m_rules(rules), m_device(device), m_health(health_of(device.health)) {
        m_pass.device = device.config.name;
        m_pass.state = m_health.state;
    }

    DevicePass run() {
        auto const begin = std::chrono::steady_clock::now();
        auto move = hikvision::next_move(m_health, m_setup.clock.now());
        if (move == hikvision::Move::wait) return without_work(explained(m_health, m_device));
        auto const turn = DeviceTurn::take(m_setup, m_device.key, k_turn_patience);
        if (!turn) return without_work(device_is_taken(m_setup, m_device).message());
        // While we waited somebody may have found it locked, or set another password.
        if (!reload()) return without_work("it was removed");
        move = hikvision::next_move(m_health, m_setup.clock.now());
        if (move == hikvision::Move::wait) return without_work(explained(m_health, m_device));
        try {
            m_address = address_of(m_device, m_setup.key);
        } catch (Error const& error) {  // one password that cannot be unsealed must not stop the other devices
            return without_work(error.message());
        }
        m_terminal.emplace(m_address);
        auto const done = move == hikvision::Move::probe ? probe_and_work() : work_patiently();
        settle(done);
        count_terminal();
        m_pass.took = std::chrono::steady_clock::now() - begin;
        return m_pass;
    }

    DevicePass given_up(std::string reason) { return without_work(std::move(reason)); }

private:
    DevicePass without_work(std::string reason) {
        m_pass.reason = std::move(reason);
        return m_pass;
    }

    bool reload() {
        std::optional<store::Device> fresh;
        m_setup.writer.write([&](store::Store& store) { fresh = store.devices().get(m_device.key); });
        if (!fresh) return false;
        m_device = *std::move(fresh);
        m_health = health_of(m_device.health);
        return true;
    }

    Outcome<void> probe_and_work() {
        if (auto const there = m_terminal->probe(); !there) return there;
        return work_patiently();
    }

    Outcome<void> work_patiently() {
        auto pause = k_first_pause;
        for (int tries = 1;; ++tries) {
            auto const done = work();
            if (done || tries == k_tries || m_setup.should_stop() || !is_worth_another_try(done.error())) return done;
            m_setup.pause(pause);
            pause *= 2;
            renew_terminal();
        }
    }

    bool is_worth_another_try(Trouble const& trouble) {
        // A lone 401 comes and goes on some firmware. Only a password that was good before is tried again, and once.
        if (is_refused(trouble, Refusal::wrong_login)) {
            bool const was_good = m_has_answered || m_health.state == State::ok;
            return was_good && hikvision::leaves_room_for_logins(trouble.status) && !std::exchange(m_has_retried_login, true);
        }
        if (trouble.what == Trouble::What::refused) return trouble.status.refusal == Refusal::busy;
        return m_has_answered;
    }

    Outcome<void> work() {
        if (auto const known = identify(); !known) return known;
        m_has_answered = true;
        auto const time = read_clock();
        if (!time) return tl::unexpected{time.error()};
        if (auto const read = read_log(*time); !read) return read;
        if (!m_rules.pictures || m_rules.dry_run) return {};
        return fetch_pictures(m_setup, m_rules, m_device, *m_terminal, m_pass);
    }

    /// The serial number is the identity: another terminal behind this address would mix two logs.
    Outcome<void> identify() {
        auto const info = m_terminal->device_info();
        if (!info) return tl::unexpected{info.error()};
        auto const& known = m_device.identity.serial_number;
        if (!known.empty() && known != info->serial_number) {
            return stranger(fmt::format(
                "another terminal answers at {}: serial number {} instead of {}; correct the address, or take "
                "it as a replacement with `bioctl devices edit {} --replace`",
                m_device.config.base_url, printable(info->serial_number), printable(known), shell_word(m_device.config.name)));
        }
        if (m_rules.dry_run) return {};
        store::DeviceIdentity const identity{info->serial_number, info->mac, info->model, info->firmware};
        std::string twin;
        std::optional<store::Device> fresh;
        m_setup.writer.write([&](store::Store& store) {
            auto devices = store.devices();
            auto const other = devices.with_serial_number(identity.serial_number);
            twin = other && other->key != m_device.key ? other->config.name : "";
            if (!twin.empty()) return;
            devices.set_identity(m_device.key, identity, m_setup.clock.now());
            // A terminal that was removed and is back goes on where it was: at another cursor than the one we have.
            fresh = devices.get(m_device.key);
        });
        if (fresh) m_device = *std::move(fresh);
        if (twin.empty()) return {};
        return stranger(fmt::format("this terminal (serial number {}) is already known as {}; remove one of the two",
                                    printable(identity.serial_number), twin));
    }

    static Outcome<void> stranger(std::string const& message) {
        Trouble trouble{Trouble::What::refused, {}, Error{Kind::config, message}};
        trouble.status.refusal = Refusal::other;
        return tl::unexpected{trouble};
    }

    Outcome<hikvision::DeviceTime> read_clock() {
        auto time = m_terminal->time();
        if (!time && !is_refused(time.error(), Refusal::unsupported)) return time;
        auto const now = m_setup.clock.now();
        if (!time) {
            auto const offset = m_device.utc_offset_minutes.value_or(0);
            return hikvision::DeviceTime{now, std::chrono::minutes{offset}, {}};
        }
        m_pass.drift_ms = (time->now - now).count();
        if (!m_rules.dry_run) {
            m_setup.writer.write([&](store::Store& store) {
                store.devices().set_clock(m_device.key, *m_pass.drift_ms, static_cast<int>(time->utc_offset.count()));
            });
        }
        return time;
    }

    Outcome<void> read_log(hikvision::DeviceTime const& time) {
        auto const& cursor = m_device.cursor;
        if (!m_dialect) m_dialect = dialect_of(cursor, m_setup.clock.now());
        if (cursor.time == Timestamp{} && !m_taker) learn_limits();
        if (!m_taker) m_taker.emplace(m_setup, m_rules, m_device, m_pass);
        hikvision::ReadRules read_rules;
        read_rules.style = style_of(m_device.config.window);
        read_rules.overlap = m_rules.overlap;
        read_rules.since = m_rules.since.value_or(m_setup.clock.now() - m_rules.first_look_back);
        read_rules.until = m_rules.until;
        auto const report = hikvision::read_events([&](hikvision::EventQuery const& query) { return m_terminal->search(query); },
                                                   time, m_taker->place(time.now), *m_dialect, read_rules,
                                                   [&](hikvision::Batch const& batch) { return m_taker->take(batch); });
        m_taker->wait();
        if (!report) return tl::unexpected{report.error()};
        m_taker->finish(*report, *m_dialect);
        return {};
    }

    /// What the device does not tell, it will refuse when it is asked for.
    void learn_limits() {
        auto const limits = m_terminal->search_limits();
        if (!limits) return;
        m_dialect->max_results = std::clamp(limits->max_results, 1, 30);
        m_dialect->has_serial_range = limits->has_serial_range;
    }

    void settle(Outcome<void> const& done) {
        // Also of a dry run: it has spent a login, and a wrong password must not be tried for ever.
        auto const after = done ? keep_success(m_setup, m_device) : keep_trouble(m_setup, m_device, done.error(), m_rules.health);
        if (!done) m_pass.reason = explained(after, m_device);
        if (done) renew_push(after);
        m_pass.state = after.state;
        m_pass.is_changed = after.state != m_health.state;
    }

    /// Some firmware stops pushing at a reboot until it is told again.
    void renew_push(Health const& after) {
        bool const was_away = m_health.state != State::ok && m_health.state != State::unknown && after.state == State::ok;
        if (!was_away || m_device.config.push_url.empty() || m_rules.dry_run) return;
        m_pass.push_trouble = renew_listener(*m_terminal, m_device.config.push_url);
    }

    void renew_terminal() {
        count_terminal();
        m_terminal.emplace(m_address);
    }

    void count_terminal() {
        m_pass.requests += m_terminal->requests();
        m_pass.waited += m_terminal->waited();
    }

    SyncSetup const& m_setup;
    SyncRules const& m_rules;
    store::Device m_device;
    Health m_health;
    hikvision::TerminalAddress m_address;
    DevicePass m_pass;
    std::optional<hikvision::Terminal> m_terminal;
    std::optional<hikvision::Dialect> m_dialect;
    std::optional<EventTaker> m_taker;
    bool m_has_answered = false;
    bool m_has_retried_login = false;
};

}  // namespace

hikvision::TerminalAddress address_of(store::Device const& device, SealKey const& key) {
    auto const& config = device.config;
    hikvision::TerminalAddress address;
    address.base_url = config.base_url;
    auto password = key.open(config.password);
    if (!password) {
        throw Error{Kind::config,
                    fmt::format("the password of {}: {}; set it anew with `bioctl devices edit {} --password-file FILE`",
                                config.name, password.error().message(), shell_word(config.name))};
    }
    address.login = {config.user, *password};
    if (config.tls == "pin") address.tls = {net::TlsTrust::pin, config.pin};
    if (config.tls == "off") address.tls = {net::TlsTrust::none, {}};
    address.nonce_use = config.reuse_nonce ? net::NonceUse::reused : net::NonceUse::once;
    return address;
}

DevicePass sync_device(SyncSetup const& setup, SyncRules const& rules, store::Device const& device) {
    Pass pass{setup, rules, device};
    try {
        return pass.run();
    } catch (DeviceChanged const&) {
        return pass.given_up("it was changed or removed meanwhile; the next pass goes on");
    }
}

}  // namespace bioctl::app
