#pragma once
// The state of a device, as a pure function of what happened to it: no clock, no socket, no store.
//
//   ok --2 failures in a row--> warning --5--> offline --probe answers--> ok
//   any --wrong password--> refused    any --lock--> locked --time is up--> (one try)
//
// In `refused` nothing logs in until the password is edited or the device is told to try again: five wrong logins lock a terminal
// for everybody for half an hour, and each further try starts that time anew.

#include <chrono>
#include <string>
#include <string_view>

#include "lib/base/clock.hpp"
#include "lib/hikvision/terminal.hpp"

namespace bioctl::hikvision {

enum class State { unknown, ok, warning, offline, locked, refused };

[[nodiscard]] std::string_view name_of(State state);
/// Kind::data for other words.
[[nodiscard]] Result<State> state_from(std::string_view name);

struct HealthRules {
    int warning_after = 2;  ///< failures in a row
    int offline_after = 5;
    std::chrono::seconds first_probe{15};  ///< then twice as long each time, up to
    std::chrono::seconds last_probe{300};
    std::chrono::seconds default_lock{1800};  ///< of a terminal that does not say for how long
    std::chrono::seconds lock_margin{10};
};

struct Health {
    State state = State::unknown;
    Timestamp since{};       ///< of the state
    int failures = 0;        ///< in a row
    Timestamp not_before{};  ///< offline: the next probe; locked: the unlock time. Nothing is sent earlier
    std::string reason{};    ///< of a state that is not ok, for people
};

enum class Move {
    sync,   ///< log in and work
    probe,  ///< ask without a login whether anybody is there; only then sync
    wait,   ///< nothing before not_before, or before a person acts (refused)
};

[[nodiscard]] Move next_move(Health const& health, Timestamp now);
[[nodiscard]] Health after_success(Health const& health, Timestamp now);
[[nodiscard]] Health after_trouble(Health const& health, Trouble const& trouble, Timestamp now, HealthRules const& rules);

}  // namespace bioctl::hikvision
