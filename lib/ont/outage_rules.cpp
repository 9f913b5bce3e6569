#include "lib/ont/outage_rules.hpp"

#include <algorithm>
#include <bit>

namespace bioctl::ont {

namespace {

std::uint32_t newest(std::uint32_t bits, int count) {
    return count >= 32 ? bits : bits & ((1U << static_cast<unsigned>(count)) - 1U);
}

int lost_of(OntHistory const& history, int window) {
    return std::popcount(newest(history.lost, std::min(window, history.samples)));
}

int answered_of(OntHistory const& history, int window) {
    auto const seen = std::min(window, history.samples);
    return seen - std::popcount(newest(history.lost, seen));
}

/// The run of equal samples at the end began between the sample before it and its first one.
Bounded beginning_of_run(OntHistory const& history) {
    auto const error = history.run_after == Timestamp{} ? std::chrono::milliseconds{} : history.run_since - history.run_after;
    return {history.run_since, std::max(error, std::chrono::milliseconds{})};
}

void remember(OntHistory& history, bool is_lost, Timestamp at) {
    bool const was_lost = (history.lost & 1U) != 0;
    if (history.samples == 0 || was_lost != is_lost) {
        history.run_after = was_lost ? history.last_lost : history.last_answered;
        if (history.samples == 0) history.run_after = {};
        history.run_since = at;
    }
    history.lost = history.lost << 1U | (is_lost ? 1U : 0U);
    history.samples = std::min(history.samples + 1, k_most_window);
    (is_lost ? history.last_lost : history.last_answered) = at;
}

void watch_flapping(OntHistory& history, OutageRules const& rules, Change& change) {
    history.states = newest(history.states << 1U | (history.state == OntState::down ? 1U : 0U), k_flap_samples);
    history.rounds = std::min(history.rounds + 1, k_flap_samples);
    auto const percent = percent_of_change(history.states, history.rounds);
    bool const before = history.is_flapping;
    if (percent >= rules.flapping_at) history.is_flapping = true;
    if (percent <= rules.steady_at) history.is_flapping = false;
    change.began_flapping = history.is_flapping && !before;
    change.ended_flapping = !history.is_flapping && before;
}

}  // namespace

double percent_of_change(std::uint32_t states, int rounds) {
    constexpr double k_oldest = 0.75, k_newest = 1.25;
    constexpr int k_changes = k_flap_samples - 1;
    double sum = 0;
    for (int age = 0; age + 1 < std::min(rounds, k_flap_samples); ++age) {
        auto const shift = static_cast<unsigned>(age);
        bool const is_change = ((states >> shift ^ states >> (shift + 1)) & 1U) != 0;
        int const place = k_changes - 1 - age;  // 0 = the oldest
        if (is_change) sum += k_oldest + place * (k_newest - k_oldest) / (k_changes - 1);
    }
    return sum * 100 / k_changes;
}

Change observe(OntHistory& history, Sample sample, Timestamp at, OutageRules const& rules, bool parent_is_down) {
    Change change;
    if (sample == Sample::unknown) return change;
    bool const is_lost = sample == Sample::lost;
    remember(history, is_lost, at);
    if (is_lost && history.state != OntState::down && lost_of(history, rules.down_of) >= rules.down_lost) {
        history.state = OntState::down;
        change.went_down = beginning_of_run(history);
    } else if (!is_lost && history.state == OntState::unknown) {
        history.state = OntState::up;
        change.came_up = beginning_of_run(history);
    } else if (!is_lost && history.state == OntState::down && answered_of(history, rules.up_of) >= rules.up_answered) {
        history.state = OntState::up;
        change.came_up = beginning_of_run(history);
    }
    if (history.state != OntState::unknown && !parent_is_down) watch_flapping(history, rules, change);
    return change;
}

}  // namespace bioctl::ont
