#pragma once
// What the sections of palm_bench share. Private to palm_bench; palm.cpp lists the sections.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "lib/palm/engine.hpp"
#include "tests/bench/metrics.hpp"
#include "tests/bench/palm_set.hpp"

namespace bioctl::bench {

using Captures = std::vector<std::optional<palm::Capture>>;

/// The set, captured once as it is.
struct Bench {
    fs::path data;  ///< holds palm-coep/, lfw-view1/, photos/
    std::vector<PalmPhoto> photos;
    Captures captures;

    void capture_all();
};

// The sections; each prints its table.
void accuracy(Bench& bench);  // palm_accuracy.cpp
void orb(Bench& bench);       // palm_accuracy.cpp
void nonhands(Bench& bench);  // palm_robustness.cpp, as the next three
void changed(Bench& bench);
void scenes(Bench& bench);
void thumbless(Bench& bench);
void speed(Bench& bench);  // palm_speed.cpp

/// Throws for a file that is no picture.
[[nodiscard]] cv::Mat pixels_of(fs::path const& path);
[[nodiscard]] std::optional<palm::Capture> captured(cv::Mat const& picture, palm::Search search);
/// In percent, with the interval.
[[nodiscard]] std::string percent(Interval const& interval);
[[nodiscard]] std::string percent(Share const& share);

}  // namespace bioctl::bench
