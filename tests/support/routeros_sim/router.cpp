#include "tests/support/routeros_sim/router.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::routeros_sim {

namespace {

using Properties = std::vector<std::pair<std::string, std::string>>;

std::string duration(std::int64_t seconds) {
    std::string text;
    constexpr std::array<std::pair<std::int64_t, char>, 5> k_units{
        {{604'800, 'w'}, {86'400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}}};
    for (auto const& [size, letter] : k_units) {
        if (seconds >= size) text += fmt::format("{}{}", seconds / size, letter);
        seconds %= size;
    }
    return text.empty() ? "0s" : text;
}

/// The value of "=name=..." in a command.
std::string value_of(ont::Words const& command, std::string const& name) {
    auto const start = fmt::format("={}=", name);
    for (auto const& word : command) {
        if (word.starts_with(start)) return word.substr(start.size());
    }
    return {};
}

/// As RouterOS: only what .proplist names, and only properties that there are.
void send(ont::Words const& command, Properties const& properties, Router::Row const& row) {
    auto const list = value_of(command, ".proplist");
    auto const wanted = split(list, ',');
    ont::Words words{"!re"};
    for (auto const& [name, value] : properties) {
        if (list.empty() || std::ranges::find(wanted, name) != wanted.end()) words.push_back(fmt::format("={}={}", name, value));
    }
    row(std::move(words));
}

}  // namespace

Fault fault_from(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, Fault>, 9> k_names{{{"none", Fault::none},
                                                                                {"bad-length", Fault::bad_length},
                                                                                {"huge-length", Fault::huge_length},
                                                                                {"silent", Fault::silent_login},
                                                                                {"fatal", Fault::fatal},
                                                                                {"cut", Fault::cut},
                                                                                {"stall", Fault::stall},
                                                                                {"trap", Fault::trap},
                                                                                {"bad-challenge", Fault::bad_challenge}}};
    for (auto const& [known, fault] : k_names) {
        if (known == name) return fault;
    }
    throw std::invalid_argument(fmt::format("no such fault: {}", name));
}

Router::Router(RouterOptions options) : m_options(std::move(options)) {
    log_in(m_options.users);
}

void Router::advance(std::int64_t seconds, std::uint64_t bytes_each) {
    m_uptime_s += seconds;
    for (auto& user : m_users) {
        user.uptime_s += seconds;
        user.bytes_in += bytes_each;
        user.bytes_out += 10 * bytes_each;
    }
}

void Router::log_out(int users) {
    auto const count = std::min(static_cast<std::size_t>(users), m_users.size());
    m_users.erase(m_users.begin(), m_users.begin() + static_cast<std::ptrdiff_t>(count));
}

void Router::log_in(int users) {
    for (int i = 0; i < users; ++i) {
        auto const n = m_next++;
        HotspotUser user;
        user.id = fmt::format("*{:X}", 0x0A000000 + n);
        user.server = m_options.servers[n % m_options.servers.size()];
        // As WinBox of a Windows PC stores it: bytes that are not UTF-8.
        user.user = n % 100 == 7 ? fmt::format("caf\xE9-{}", n) : fmt::format("user-{}", n);
        user.address = fmt::format("10.{}.{}.{}", n >> 16U & 0xFFU, n >> 8U & 0xFFU, n & 0xFFU);
        user.mac =
            fmt::format("02:00:{:02X}:{:02X}:{:02X}:{:02X}", n >> 24U & 0xFFU, n >> 16U & 0xFFU, n >> 8U & 0xFFU, n & 0xFFU);
        user.uptime_s = 60 + static_cast<std::int64_t>(n % 3600);
        user.bytes_in = 1000 * n;
        user.bytes_out = 10'000 * n;
        m_users.push_back(std::move(user));
    }
}

void Router::log_in_again(std::size_t nth) {
    auto& user = m_users.at(nth);
    user.uptime_s = 1;
    user.bytes_in = user.bytes_out = 0;
}

void Router::reboot() {
    m_users.clear();
    m_uptime_s = 1;
}

void Router::rename_user(std::size_t nth, std::string user) {
    m_users.at(nth).user = std::move(user);
}

bool Router::answer(ont::Words const& command, Row const& row) const {
    auto const& name = command.front();
    if (name == "/system/identity/print") {
        send(command, {{"name", m_options.identity}}, row);
    } else if (name == "/system/resource/print") {
        send(command,
             {{"uptime", duration(m_uptime_s)},
              {"version", m_options.version},
              {"cpu-load", "7"},
              {"architecture-name", "arm"},
              {"board-name", m_options.board},
              {"platform", "MikroTik"}},
             row);
    } else if (name == "/ip/hotspot/print") {
        for (std::size_t i = 0; i < m_options.servers.size(); ++i) {
            send(command,
                 {{".id", fmt::format("*{}", i + 1)},
                  {"name", m_options.servers[i]},
                  {"interface", fmt::format("bridge{}", i)},
                  {"disabled", "false"}},
                 row);
        }
    } else if (name == "/ip/hotspot/active/print") {
        answer_users(command, row);
    } else {
        return false;
    }
    return true;
}

void Router::answer_users(ont::Words const& command, Row const& row) const {
    std::string only_server;
    for (auto const& word : command) {
        if (word.starts_with("?server=")) only_server = word.substr(8);
    }
    for (auto const& user : m_users) {
        if (!only_server.empty() && user.server != only_server) continue;
        Properties properties{{".id", user.id},
                              {"server", user.server},
                              {"user", user.user},
                              {"address", user.address},
                              {"mac-address", user.mac},
                              {"login-by", user.login_by},
                              {"uptime", duration(user.uptime_s)},
                              {"idle-time", "1s"},
                              {"keepalive-timeout", "2m"},
                              {"bytes-in", std::to_string(user.bytes_in)},
                              {"bytes-out", std::to_string(user.bytes_out)}};
        send(command, properties, row);
    }
}

}  // namespace bioctl::routeros_sim
