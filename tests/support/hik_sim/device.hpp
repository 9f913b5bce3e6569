#pragma once
// A terminal on the network: its port, its login, what it does wrong, and the count of what clients did.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "tests/support/hik_sim/digest.hpp"
#include "tests/support/hik_sim/terminal.hpp"
#include "tests/support/sim_http/server.hpp"

namespace bioctl::hik_sim {

struct DeviceOptions {
    unsigned number = 1;  ///< 1 is "dev-001"
    std::uint64_t seed = 1;
    std::uint32_t events = 0;
    std::chrono::hours span{20};  ///< the time over which these are spread, ending now
    std::chrono::milliseconds latency{0};
    std::chrono::seconds lock_time{1800};
    QuirkSet quirks{};
    std::string user;
    std::string password;
    std::uint16_t port = 0;  ///< 0: a free one
};

struct Stats {
    std::uint64_t requests = 0;
    std::uint64_t logins_ok = 0;
    std::uint64_t logins_failed = 0;  ///< signed with a wrong password, or while locked
    std::uint64_t nonces_refused = 0;
    std::uint64_t max_in_flight = 0;
    std::chrono::steady_clock::time_point last_request{};
};

class Device {
public:
    Device(sim_http::Loop& loop, DeviceOptions const& options);
    Device(Device const&) = delete;
    Device& operator=(Device const&) = delete;

    [[nodiscard]] Terminal& terminal() { return m_terminal; }
    [[nodiscard]] Terminal const& terminal() const { return m_terminal; }
    [[nodiscard]] Doorkeeper& doorkeeper() { return m_doorkeeper; }
    [[nodiscard]] Stats const& stats() const { return m_stats; }
    [[nodiscard]] sim_http::Server& server() { return m_server; }
    [[nodiscard]] sim_http::Server const& server() const { return m_server; }
    /// Accepts requests and never answers, like a terminal whose web server hangs.
    void set_stalled(bool is_stalled) { m_is_stalled = is_stalled; }

    /// New events: all of them now, or that many seconds ago though they come in now.
    void add_events(std::uint32_t count, std::int64_t late_by_s);

private:
    [[nodiscard]] sim_http::Reply handle(sim_http::Request const& request);
    [[nodiscard]] sim_http::Reply respond(sim_http::Request const& request);
    [[nodiscard]] sim_http::Reply respond_to_signed(sim_http::Request const& request);
    void count_verdict(Verdict verdict);

    Terminal m_terminal;
    Doorkeeper m_doorkeeper;
    std::chrono::milliseconds m_latency;
    Stats m_stats;
    std::shared_ptr<std::uint64_t> m_in_flight = std::make_shared<std::uint64_t>(0);
    std::uint64_t m_signed = 0;
    bool m_is_stalled = false;
    sim_http::Server m_server;
};

}  // namespace bioctl::hik_sim
