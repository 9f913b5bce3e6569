#include "lib/hikvision/health.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lib/base/text.hpp"

namespace bioctl::hikvision {

namespace {

constexpr std::array<std::pair<State, std::string_view>, 6> k_names{{{State::unknown, "unknown"},
                                                                     {State::ok, "ok"},
                                                                     {State::warning, "warning"},
                                                                     {State::offline, "offline"},
                                                                     {State::locked, "locked"},
                                                                     {State::refused, "refused"}}};

Health moved_to(Health health, State state, Timestamp now, std::string reason) {
    if (health.state != state) health.since = now;
    health.state = state;
    health.reason = std::move(reason);
    return health;
}

Health after_lock(Health health, Trouble const& trouble, Timestamp now, HealthRules const& rules) {
    health.not_before = now + trouble.status.unlock_after.value_or(rules.default_lock) + rules.lock_margin;
    return moved_to(std::move(health), State::locked, now, trouble.error.message());
}

Health after_failure(Health health, Trouble const& trouble, Timestamp now, HealthRules const& rules) {
    if (health.state == State::refused) return health;  // that it is off as well does not make the password right
    ++health.failures;
    if (health.failures >= rules.offline_after) {
        auto const doublings = std::min(health.failures - rules.offline_after, 10);
        health.not_before = now + std::min(rules.last_probe, rules.first_probe * (1 << doublings));
        return moved_to(std::move(health), State::offline, now, trouble.error.message());
    }
    auto const state = health.failures >= rules.warning_after ? State::warning
                       : health.state == State::locked        ? State::unknown
                                                              : health.state;
    return moved_to(std::move(health), state, now, trouble.error.message());
}

}  // namespace

std::string_view name_of(State state) {
    for (auto const& [known, name] : k_names) {
        if (known == state) return name;
    }
    throw Error{Kind::bug, "a State without a name"};
}

Result<State> state_from(std::string_view name) {
    for (auto const& [state, known] : k_names) {
        if (known == name) return state;
    }
    return failure(Kind::data, fmt::format("'{}' is no state of a device", printable(name)));
}

Move next_move(Health const& health, Timestamp now) {
    switch (health.state) {
        case State::refused: return Move::wait;
        case State::locked: return now < health.not_before ? Move::wait : Move::sync;
        case State::offline: return now < health.not_before ? Move::wait : Move::probe;
        default: return Move::sync;
    }
}

Health after_success(Health const& health, Timestamp now) {
    auto after = moved_to(health, State::ok, now, {});
    after.failures = 0;
    after.not_before = {};
    return after;
}

Health after_trouble(Health const& health, Trouble const& trouble, Timestamp now, HealthRules const& rules) {
    if (trouble.what == Trouble::What::refused) {
        switch (trouble.status.refusal) {
            case Refusal::locked: return after_lock(health, trouble, now, rules);
            case Refusal::wrong_login:
                if (trouble.status.is_locked) return after_lock(health, trouble, now, rules);
                return moved_to(health, State::refused, now, trouble.error.message());
            default: break;
        }
    }
    return after_failure(health, trouble, now, rules);
}

}  // namespace bioctl::hikvision
