#pragma once
// What a simulated MikroTik router holds: its login, its hotspot servers and the users that are logged in. No sockets here.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/ont/routeros_words.hpp"

namespace bioctl::routeros_sim {

/// modern hands out a challenge to a bare /login as well, and then refuses the answer to it.
enum class Login { modern, old };

/// What goes wrong.
enum class Fault {
    none,
    bad_length,    ///< a reply begins with byte F1..FF
    huge_length,   ///< a reply begins with a word of 1 GiB
    silent_login,  ///< nothing is ever answered after the login
    fatal,         ///< !fatal instead of rows
    cut,           ///< the connection ends in the middle of a sentence
    stall,         ///< half of the rows, then nothing
    trap,          ///< several traps, then !done
    bad_challenge  ///< the login challenge is not hexadecimal
};
[[nodiscard]] Fault fault_from(std::string_view name);  ///< throws std::invalid_argument

struct RouterOptions {
    std::string user = "monitor", password = "router-Secret-1";
    std::string identity = "Kantor Sleman", version = "7.18.2 (stable)", board = "RB4011iGS+";
    Login login = Login::modern;
    Fault fault = Fault::none;
    std::vector<std::string> servers = {"hs-kota", "hs-desa"};
    int users = 0;
    bool has_empty = true;         ///< !empty for no rows, since 7.18
    bool is_split = false;         ///< each byte in a write of its own
    bool has_odd_replies = false;  ///< reply words that nobody knows, and empty sentences
    bool repeats_tags = true;
    std::string certificate{}, private_key{};  ///< files in PEM: speaks TLS
    bool is_anonymous = false;                 ///< speaks TLS without a certificate, as api-ssl does by default
};

struct HotspotUser {
    std::string id{}, server{}, user{}, address{}, mac{}, login_by = "http-chap";
    std::int64_t uptime_s = 0;  ///< at time 0 of the router
    std::uint64_t bytes_in = 0, bytes_out = 0;
};

class Router {
public:
    explicit Router(RouterOptions options);

    [[nodiscard]] RouterOptions const& options() const { return m_options; }
    void set_fault(Fault fault) { m_options.fault = fault; }
    void set_password(std::string password) { m_options.password = std::move(password); }

    // The script. Times go on by themselves only with advance().
    void advance(std::int64_t seconds, std::uint64_t bytes_each);
    void log_out(int users);             ///< the oldest
    void log_in(int users);              ///< new ones, with ids that were free
    void log_in_again(std::size_t nth);  ///< same id and mac, counters from zero
    void reboot();                       ///< nobody is logged in; everybody has to come again
    void rename_user(std::size_t nth, std::string user);
    [[nodiscard]] std::vector<HotspotUser> const& users() const { return m_users; }

    /// The answer to a command after the login: rows as sentences, without `!done`.
    using Row = std::function<void(ont::Words)>;
    /// False for a command that it does not know.
    [[nodiscard]] bool answer(ont::Words const& command, Row const& row) const;

    // Counters that tests look at.
    int connections = 0, logins = 0, refused_logins = 0, commands = 0;

private:
    void answer_users(ont::Words const& command, Row const& row) const;

    RouterOptions m_options;
    std::vector<HotspotUser> m_users;
    std::uint64_t m_next = 1;
    std::int64_t m_uptime_s = 86'400;
};

}  // namespace bioctl::routeros_sim
