#pragma once
// Are these two the same person?

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lib/app/photos.hpp"
#include "lib/app/workspace.hpp"

namespace bioctl::app {

/// The face of a photo that is to be compared.
struct Probe {
    std::vector<float> vector;
    std::size_t faces = 0;  ///< on the photo; the largest is taken
};

/// None if there is no face on the photo. Throws Error as image::Failure says, naming the photo.
[[nodiscard]] std::optional<Probe> probe_of(face::Engine& engine, PhotoSource const& source, image::Limits const& limits);

struct Comparison {
    float distance = 0;
    bool same = false;  ///< distance <= threshold
};

/// How distances are measured and judged.
struct Yardstick {
    match::Metric metric = match::Metric::unit;
    float scale = 1;  ///< of the contract
    float threshold = 0;
};

/// 1:1. Vectors un-normalised, of one contract.
[[nodiscard]] Comparison compare(std::span<float const> a, std::span<float const> b, Yardstick const& yardstick);

/// The nearest template of one person. Throws Error{no_input} if there is no such person, or none of the person's templates is
/// of the active contract.
[[nodiscard]] Comparison compare_with_person(Workspace const& workspace, std::span<float const> probe, std::string_view person_id,
                                             Yardstick const& yardstick);

}  // namespace bioctl::app
