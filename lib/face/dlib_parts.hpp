#pragma once
// What each file of bioctl-face-dlib.so gives to its entry. Only inside that module.

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "lib/face/cluster.hpp"
#include "lib/face/detector.hpp"
#include "lib/face/landmarker.hpp"

namespace bioctl::face::with_dlib {

[[nodiscard]] std::unique_ptr<Detector> hog_detector(int upsample);
[[nodiscard]] std::unique_ptr<Landmarker> landmarker(std::filesystem::path const& shape_predictor);
[[nodiscard]] std::vector<std::size_t> chinese_whispers(std::size_t count, std::span<Edge const> edges);

}  // namespace bioctl::face::with_dlib
