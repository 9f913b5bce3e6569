#pragma once
// A network of ONTs with a script: who is silent when. Rounds are real, the store is real, only the packets are not.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/app/monitor.hpp"
#include "lib/store/alerts.hpp"
#include "lib/store/outages.hpp"
#include "tests/support/stopped_clock.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::test {

class ScriptedNetwork {
public:
    static constexpr std::chrono::seconds k_interval{60};

    ScriptedNetwork();

    /// Returns the id. "" as host: is not pinged.
    std::int64_t add(std::string const& name, std::string const& host, std::optional<std::int64_t> parent = std::nullopt,
                     std::string const& kind = "ont");
    /// Silent in [from, to), seconds of the script.
    void silence(std::int64_t ont, int from, int to) { m_silences[ont].emplace_back(from, to); }
    /// Nobody answers in [from, to): the monitor itself is cut off.
    void cut_off(int from, int to) { m_cuts.emplace_back(from, to); }

    [[nodiscard]] app::MonitorSetup setup();
    /// A round at this second; each with a new Monitor, as cron does it.
    app::RoundSummary round(int second);
    /// Rounds at the usual interval in [from, to).
    void rounds(int from, int to);

    [[nodiscard]] Timestamp at(int second) const { return m_begin + std::chrono::seconds{second}; }
    [[nodiscard]] std::vector<store::Outage> outages();
    [[nodiscard]] std::vector<store::Outage> outages_of(std::int64_t ont);
    /// Open and closed ones, by kind.
    [[nodiscard]] std::map<std::string, int> alerts();
    /// For everybody, from this second of the script on; the clock shows UTC.
    void maintain(int from, int to);
    /// The probes to this one cannot be sent: errno.
    void fail_sending(std::int64_t ont, int code) { m_send_errors[ont] = code; }
    /// Sets what a user sets.
    void edit(std::int64_t ont, std::function<void(store::OntConfig&)> const& change);
    [[nodiscard]] std::vector<store::Alert> open_alerts();
    void with_store(std::function<void(store::Store&)> const& work) { m_writer.write(work); }

    app::MonitorRules rules;
    StoppedClock clock;
    /// After each sweep; the first of a round has number 0.
    std::function<void(int sweep)> on_sweep{};
    std::vector<std::uint32_t> groups;        // of the last first sweep
    std::chrono::seconds clock_error{};       ///< of the machine's clock, against the script
    std::vector<app::MonitorChange> changes;  ///< of all rounds
    app::Resolver resolve = [](std::string const& host) -> Result<ont::Address> {
        return failure(Kind::no_host, host + ": no such host");
    };

private:
    [[nodiscard]] bool is_silent(std::int64_t ont, int second) const;
    [[nodiscard]] ont::SweepReport probe(std::span<ont::Address const> targets) const;
    [[nodiscard]] ont::SweepReport sweep(std::span<ont::Address const> targets, std::span<std::uint32_t const> groups_asked);

    TempDir m_dir;
    app::StoreWriter m_writer;
    Timestamp m_begin = from_ms(1'900'000'000'000);
    int m_now = 0, m_sweeps = 0;
    std::map<ont::Address, std::int64_t> m_onts;
    std::map<std::int64_t, std::int64_t> m_parents;
    std::map<std::int64_t, std::vector<std::pair<int, int>>> m_silences;
    std::vector<std::pair<int, int>> m_cuts;
    std::map<std::int64_t, int> m_send_errors;
};

}  // namespace bioctl::test
