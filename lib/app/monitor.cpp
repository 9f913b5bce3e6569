#include "lib/app/monitor.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "lib/app/monitor_round.hpp"
#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::chrono::minutes k_name_age{5};  // after which a name is looked up again
constexpr std::size_t k_too_many_to_be_chance = 10;

/// Looks a name up once in a while, not in every round. A name that was known stays good while the resolver is not; a resolver
/// that does not answer holds a round up for some seconds only, and the names that failed wait ever longer.
class Names {
public:
    explicit Names(Resolver const& resolve) : m_resolve(resolve) {}

    void begin_round() { m_spent = {}; }

    Result<ont::Address> address_of(std::string const& host) {
        if (auto const address = ont::parse_address(host)) return *address;
        auto& known = m_known[host];
        auto const began = std::chrono::steady_clock::now();
        if (began >= known.until && m_spent < k_patience) {
            auto const fresh = m_resolve(host);
            auto const now = std::chrono::steady_clock::now();
            m_spent += now - began;
            take(known, fresh, now);
        }
        if (known.address) return *known.address;
        if (known.failure) return tl::unexpected{*known.failure};
        return failure(Kind::unavailable, fmt::format("{}: not looked up yet, the resolver is too slow", printable(host)));
    }

private:
    struct Known {
        std::optional<ont::Address> address{};
        std::optional<Error> failure{};
        int failures = 0;
        SteadyTime until{};
    };

    static void take(Known& known, Result<ont::Address> const& fresh, SteadyTime now) {
        constexpr int k_most_doublings = 6;  // to an hour
        if (fresh) {
            known = {.address = *fresh, .until = now + k_name_age};
        } else {
            known.failure = fresh.error();
            known.until = now + std::chrono::minutes{1 << std::min(known.failures++, k_most_doublings)};
        }
    }

    static constexpr std::chrono::seconds k_patience{5};  // in a round

    Resolver const& m_resolve;
    std::chrono::steady_clock::duration m_spent{};
    std::map<std::string, Known> m_known;
};

/// What one sweep asks: guards in front, then nodes.
struct Question {
    std::vector<ont::Address> addresses;
    std::vector<std::uint32_t> groups;  // by address
    std::vector<std::size_t> nodes;     // of the addresses behind the guards
    std::size_t guards = 0;

    void add(ont::Address const& address, std::uint32_t group) {
        addresses.push_back(address);
        groups.push_back(group);
    }
};

/// A full table of connections, a firewall, an interface that is down: only of a single host can it be said that the network
/// does not reach it.
bool is_our_own_trouble(int code) {
    return code != 0 && code != EHOSTUNREACH;
}

bool is_answered(ont::TargetResult const& result) {
    return result.received > 0;
}

}  // namespace

class Monitor::Impl {
public:
    Impl(MonitorSetup setup, MonitorRules rules)
        : m_setup(std::move(setup)), m_rules(std::move(rules)), m_names(m_setup.resolve) {}

    RoundSummary run_round() {
        Round round;
        m_setup.writer.write([&](store::Store& store) { round = load_round(store, m_rules); });
        auto const question = ask(round);
        auto const began = std::chrono::steady_clock::now();
        round.started_at = m_setup.clock.now();
        auto const report = m_setup.probe(question.addresses, question.groups);
        if (m_setup.should_stop()) return cut_short(round);
        take_answers(round, question, report);
        look_for_blindness(round, question, report);
        if (!round.is_blind) ask_again(round);
        if (m_setup.should_stop()) return cut_short(round);
        round.took = duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
        auto summary = summary_of_asked(round);
        // The writer may run this twice, the first time for nothing, so each time begins with what was found.
        auto const found = round;
        m_setup.writer.write([&](store::Store& store) {
            round = found;
            if (!round.is_blind) round.verdicts = ont::judge_round(round.nodes, round.samples, m_rules.branch);
            summary.changes = store_round(store, round, m_rules);
        });
        count(round, summary);
        return summary;
    }

private:
    static RoundSummary cut_short(Round const& round) {
        RoundSummary summary;
        summary.started_at = round.started_at;
        summary.is_cut_short = true;
        return summary;
    }

    [[nodiscard]] Question ask(Round& round) {
        Question question;
        m_names.begin_round();
        add_guards(question);
        for (std::size_t node = 0; node < round.onts.size(); ++node) {
            if (!round.is_asked[node]) continue;
            auto const address = m_names.address_of(round.onts[node].config.host);
            if (!address) {
                round.reasons[node] = address.error().message();
                round.is_unasked[node] = true;
                continue;
            }
            auto const parent = round.nodes[node].parent;
            question.add(*address, parent ? static_cast<std::uint32_t>(*parent + 1) : 0);
            question.nodes.push_back(node);
        }
        return question;
    }

    void take_answers(Round& round, Question const& question, ont::SweepReport const& report) const {
        for (std::size_t i = 0; i < question.nodes.size(); ++i)
            take_answer(round, question.nodes[i], report.targets[question.guards + i], report.own_drops > 0);
        if (report.own_drops > 0) {
            round.reason = fmt::format("{} were lost in this machine's own queue, so silence proves nothing; lower --rate",
                                       counted(report.own_drops, "answer", "answers"));
        }
    }

    static void take_answer(Round& round, std::size_t node, ont::TargetResult const& result, bool has_own_drops) {
        auto& sample = round.samples[node];
        auto const at = [&](std::chrono::nanoseconds after) { return round.started_at + duration_cast<milliseconds>(after); };
        if (result.received > 0) {
            sample = {ont::Sample::answered, at(result.answered_after)};
            round.codes[node] = ont::code_of(result.least);
        } else if (is_our_own_trouble(result.send_errno)) {
            round.reasons[node] =
                fmt::format("this machine could not ask it: {}", std::generic_category().message(result.send_errno));
            round.is_unasked[node] = true;
        } else if (has_own_drops) {
            round.reasons[node] = "answers were lost in this machine's own queue";
        } else if (result.is_done) {
            sample = {ont::Sample::lost, at(result.asked_after)};
            round.codes[node] = ont::k_lost;
        }
    }

    /// Is it us? Then nothing is known of anybody else.
    void look_for_blindness(Round& round, Question const& question, ont::SweepReport const& report) const {
        if (look_at_guards(round, question, report)) return;
        bool const has_answer = std::ranges::any_of(report.targets, is_answered);
        if (!m_rules.guards.empty() || has_answer) return;
        auto const was_up = std::ranges::count_if(
            question.nodes, [&](auto node) { return round.nodes[node].history.state == ont::OntState::up; });
        if (static_cast<std::size_t>(was_up) < k_too_many_to_be_chance) return;
        round.is_blind = true;
        round.reason = fmt::format(
            "all of {} fell silent at once, so this machine is probably cut off; name an address that always answers "
            "with --guard, so that this can be told from a real outage",
            counted(question.nodes.size(), "ONT", "ONTs"));
    }

    /// True if all are silent.
    bool look_at_guards(Round& round, Question const& question, ont::SweepReport const& report) const {
        auto const guards = std::span{report.targets}.first(question.guards);
        if (m_rules.guards.empty() || std::ranges::any_of(guards, is_answered)) return false;
        round.is_blind = true;
        round.reason = fmt::format("none of the guard addresses answers ({}): this machine is cut off", listed_guards());
        return true;
    }

    [[nodiscard]] std::string listed_guards() const {
        std::string listed;
        for (auto const& guard : m_rules.guards)
            listed += fmt::format("{}{}", listed.empty() ? "" : ", ", printable(guard));
        return listed;
    }

    void add_guards(Question& question) {
        for (auto const& guard : m_rules.guards) {
            // A guard whose name cannot be looked up is silent, too.
            if (auto const address = m_names.address_of(guard)) question.add(*address, 0);
        }
        question.guards = question.addresses.size();
    }

    /// A guard, or a parent, that answered before others fell silent may have gone with them: what it says now counts.
    void ask_again(Round& round) {
        Question question;
        if (has_newly_silent(round)) add_guards(question);
        for (auto const node : suspects(round)) {
            if (auto const address = m_names.address_of(round.onts[node].config.host)) {
                question.add(*address, 0);
                question.nodes.push_back(node);
            }
        }
        if (question.addresses.empty()) return;
        auto const asked_at = m_setup.clock.now();
        auto const report = m_setup.probe(question.addresses, question.groups);
        if (report.own_drops > 0 || m_setup.should_stop()) return;
        if (question.guards > 0 && look_at_guards(round, question, report)) return;
        for (std::size_t i = 0; i < question.nodes.size(); ++i) {
            auto const& result = report.targets[question.guards + i];
            if (is_answered(result) || !result.is_done || is_our_own_trouble(result.send_errno)) continue;
            round.samples[question.nodes[i]] = {ont::Sample::lost, asked_at};
            round.codes[question.nodes[i]] = ont::k_lost;
        }
    }

    static bool has_newly_silent(Round const& round) {
        for (std::size_t node = 0; node < round.nodes.size(); ++node) {
            auto const& history = round.nodes[node].history;
            bool const was_there = history.samples > 0 && (history.lost & 1U) == 0;
            if (was_there && round.samples[node].sample == ont::Sample::lost) return true;
        }
        return false;
    }

    /// Parents that answered, while most of their children did not.
    [[nodiscard]] std::vector<std::size_t> suspects(Round const& round) const {
        std::vector<int> children(round.nodes.size()), silent(round.nodes.size());
        for (std::size_t node = 0; node < round.nodes.size(); ++node) {
            auto const parent = round.nodes[node].parent;
            if (!parent || round.samples[node].sample == ont::Sample::unknown) continue;
            ++children[*parent];
            if (round.samples[node].sample == ont::Sample::lost) ++silent[*parent];
        }
        std::vector<std::size_t> found;
        for (std::size_t node = 0; node < round.nodes.size(); ++node) {
            bool const is_suspect = silent[node] >= m_rules.branch.least_children &&
                                    silent[node] >= m_rules.branch.down_share * children[node] &&
                                    round.samples[node].sample == ont::Sample::answered;
            if (is_suspect) found.push_back(node);
        }
        return found;
    }

    static RoundSummary summary_of_asked(Round const& round) {
        RoundSummary summary;
        summary.started_at = round.started_at;
        summary.took = round.took;
        summary.is_blind = round.is_blind;
        summary.reason = round.reason;
        return summary;
    }

    static void count(Round const& round, RoundSummary& summary) {
        for (std::size_t node = 0; node < round.onts.size(); ++node) {
            if (!round.is_asked[node]) continue;
            auto const& history = round.nodes[node].history;
            bool const is_unknown =
                round.is_blind || history.state == ont::OntState::unknown || round.samples[node].sample == ont::Sample::unknown;
            auto const state = is_unknown ? "unknown" : history.state == ont::OntState::up ? "up" : "down";
            ++summary.asked;
            ++(is_unknown ? summary.unknown : history.state == ont::OntState::up ? summary.up : summary.down);
            if (history.is_flapping) ++summary.flapping;
            if (round.samples[node].sample == ont::Sample::lost) ++summary.lost;
            if (!is_unknown && history.state == ont::OntState::up && !history.is_flapping) continue;
            auto const& config = round.onts[node].config;
            auto const reason = round.reasons[node].empty() ? round.reason : round.reasons[node];
            summary.not_up.push_back({round.onts[node].id, config.name, config.host, state, history.is_flapping,
                                      history.run_since, is_unknown ? reason : ""});
        }
    }

    MonitorSetup m_setup;
    MonitorRules m_rules;
    Names m_names;
};

Monitor::Monitor(MonitorSetup setup, MonitorRules rules) : m_impl(std::make_unique<Impl>(std::move(setup), std::move(rules))) {}
Monitor::~Monitor() = default;

RoundSummary Monitor::run_round() {
    return m_impl->run_round();
}

}  // namespace bioctl::app
