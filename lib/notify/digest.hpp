#pragma once
// What a target is told of the alerts there are: one message for each cause, few messages whatever happens, nothing of what was
// over before it had to be told. Pure functions: no clock, no store, no network.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.hpp"

namespace bioctl::notify {

/// An alert as a target knows it.
struct AlertFact {
    std::int64_t id = 0;
    std::string kind{};      ///< ont, parent, flapping, monitor, router
    std::string name{};      ///< whose; of monitor and router what is wrong
    Timestamp started_at{};  ///< of its first outage
    Timestamp opened_at{};   ///< when it was known
    std::optional<Timestamp> closed_at{};
    bool is_acknowledged = false;
    bool is_told = false;      ///< this target knows that it began
    std::int64_t outages = 0;  ///< of other lines that belong to it: the children of a parent
    std::int64_t ongoing = 0;  ///< of these, those that go on
};

struct DigestRules {
    std::chrono::seconds after{30};  ///< told only of what has lasted so long; with an escalation step: and nobody acknowledged
    bool is_quiet = false;           ///< now are quiet hours: everything waits
    int most_messages = 3;           ///< in any stretch of `interval`
    std::chrono::seconds interval{300};
    std::size_t most_lines = 20;  ///< of a message that tells of many
};

struct DigestMessage {
    std::string type{};   ///< error, warning, success
    std::string cause{};  ///< "parent:12"; "digest" of a message that tells of many
    std::string title{};
    std::vector<std::string> lines{};
    Timestamp started_at{};                      ///< of the first
    std::optional<Timestamp> ended_at{};         ///< of a recovery: the last
    std::int64_t count = 0;                      ///< lines that are, or were, down
    std::vector<std::int64_t> begun{}, ended{};  ///< ids of the alerts that it tells of
};

/// "10:02", or with the day, as the target's people read it.
using ShowTime = std::function<std::string(Timestamp)>;

/// Messages to send now. `recent`: how many this target got within the interval. Alerts that are in none of them wait.
[[nodiscard]] std::vector<DigestMessage> digest(std::vector<AlertFact> const& facts, Timestamp now, DigestRules const& rules,
                                                int recent, ShowTime const& show);

/// When there will be something to tell that only has to wait for its time, if so.
[[nodiscard]] std::optional<Timestamp> next_due(std::vector<AlertFact> const& facts, DigestRules const& rules);

}  // namespace bioctl::notify
