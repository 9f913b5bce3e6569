#pragma once
// The nouns of eval/: labelled comparisons, and nothing of where they come from. All rates are shares, 0..1. A comparison says
// "same" when its distance is at most the threshold.
//
// source  ISO/IEC 19795-1:2021 for the names of the rates; each function says where it takes a choice that the standard leaves.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace bioctl::eval {

/// A person, as a number 0 .. subjects-1. Intervals are over people: photos of one person are no independent trials.
using Subject = std::uint32_t;

/// Distance of a comparison that could not be made, because no face was found on a photo: "different" at every threshold.
inline constexpr float k_not_compared = std::numeric_limits<float>::infinity();

struct Trial {
    float distance = 0;
    Subject a = 0, b = 0;  ///< whose samples these are; equal in a genuine comparison
};

/// How often each subject counts (a bootstrap replicate). Empty: each once. A comparison of a and b counts w[a] * w[b] times,
/// one within a person w[a] times. A rate without trials is 0 of everybody, and NaN of a replicate.
using Weights = std::span<double const>;

/// Genuine and impostor comparisons, each sorted by distance.
class Scores {
public:
    /// Genuine ones that could not be made stay, as misses; impostor ones are left out, for they are no chance to err.
    Scores(std::vector<Trial> genuine, std::vector<Trial> impostors, std::size_t subjects);

    [[nodiscard]] std::vector<Trial> const& genuine() const { return m_genuine; }
    [[nodiscard]] std::vector<Trial> const& impostors() const { return m_impostors; }
    [[nodiscard]] std::size_t subjects() const { return m_subjects; }

private:
    std::vector<Trial> m_genuine, m_impostors;
    std::size_t m_subjects;
};

}  // namespace bioctl::eval
