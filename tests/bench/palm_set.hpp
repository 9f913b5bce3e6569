#pragma once
// Photos of palms with their labels, and figures of how well people are told apart.

#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace bioctl::bench {

namespace fs = std::filesystem;

struct PalmPhoto {
    fs::path path;
    int person = 0;  ///< 0, 1, ...; the two hands that the set lists twice have one number each
    int shot = 0;    ///< 0 = the person's first
};

/// Photos of palm-coep/PPP/K.jpg by person and name.
[[nodiscard]] std::vector<PalmPhoto> read_palms(fs::path const& folder);

struct Interval {
    double value = 0, low = 0, high = 0;
};

/// distances[i][j] of probe photo i to enrolled photo j: nothing if one of them was not acquired.
using Distances = std::vector<std::vector<std::optional<float>>>;

/// How the photos that gave no template are counted.
enum class Failures { left_out, misses };

struct PalmFigures {
    Interval equal_error, tar_at_1e3, rank_1;  ///< shares, with 95 % intervals: 300 bootstrap samples of people
    std::size_t genuine = 0, impostors = 0, probes = 0;
    double threshold_at_1e3 = 0;
};

/// All pairs of different photos, each once, at the smaller of the two distances that it has by which of them is the probe.
[[nodiscard]] PalmFigures palm_figures(std::vector<PalmPhoto> const& photos, Distances const& distances, Failures failures);

}  // namespace bioctl::bench
