#pragma once
// When is an ONT down? Pure functions of the state, a sample and the time: no clock, no socket, no store.
//
//   up --N of the last M samples lost, the newest among them--> down
//   down --K of the last L samples answered, the newest among them--> up
//
// A round in which the monitor itself was blind is no sample: it neither begins nor ends an outage.

#include <cstdint>
#include <optional>

#include "lib/base/clock.hpp"

namespace bioctl::ont {

inline constexpr int k_most_window = 32;
inline constexpr int k_flap_samples = 21;

struct OutageRules {
    int down_lost = 3, down_of = 4;  ///< 1 <= lost <= of <= k_most_window
    int up_answered = 2, up_of = 3;  ///< the same
    double flapping_at = 20;         ///< percent of change from which on it counts as flapping
    double steady_at = 5;            ///< and down to which it still does; between both nothing changes
};

enum class Sample : std::uint8_t { answered, lost, unknown };
enum class OntState : std::uint8_t { unknown, up, down };

/// A moment between two samples: the later one is the first that showed it, so it came at most `error` before.
struct Bounded {
    Timestamp at{};
    std::chrono::milliseconds error{};
    friend bool operator==(Bounded const&, Bounded const&) = default;
};

/// Everything that has to be kept of an ONT between two rounds.
struct OntHistory {
    OntState state = OntState::unknown;
    std::uint32_t lost = 0;                  ///< bit 0 = the newest sample that was one
    int samples = 0;                         ///< of `lost` that are valid, at most k_most_window
    Timestamp last_answered{}, last_lost{};  ///< 0: never
    Timestamp run_since{};                   ///< first sample of the uninterrupted run of equal ones at the end
    Timestamp run_after{};                   ///< the sample before that, 0 if there was none
    std::uint32_t states = 0;                ///< down = 1, of the last rounds; bit 0 = the newest
    int rounds = 0;                          ///< of `states` that are valid, at most k_flap_samples
    bool is_flapping = false;
};

struct Change {
    std::optional<Bounded> went_down{};  ///< the start of an outage: its first lost probe
    std::optional<Bounded> came_up{};    ///< the end of one; also of the first contact, when there was none
    bool began_flapping = false, ended_flapping = false;
};

/// Takes a round's result in. While `parent_is_down` the flapping is not computed: it would be the parent's.
[[nodiscard]] Change observe(OntHistory& history, Sample sample, Timestamp at, OutageRules const& rules,
                             bool parent_is_down = false);

/// How much the last 21 states changed, 0..100: each change weighs 0.75 (the oldest) to 1.25 (the newest). Fewer states count as
/// if they had been steady before. Source: Nagios 2, flapping.c, as described in the dossier, section C.1.
[[nodiscard]] double percent_of_change(std::uint32_t states, int rounds);

}  // namespace bioctl::ont
